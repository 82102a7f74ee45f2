// A list that is nearly always short: the first few stand in it, more of them go to memory of their own.
//
// Invariants  while `far_` holds nothing, what is listed stands in `near_`.
// Threads     one owner.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <vector>

namespace vestari::parser {

template <class T, std::size_t Near> class Few {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    void push_back(const T& value) {
        if (size_ < Near) {
            near_[size_++] = value;
            return;
        }
        if (far_.empty()) {
            far_.assign(near_.begin(), near_.end());
        }
        far_.push_back(value);
        ++size_;
    }
    void clear() noexcept {
        far_.clear();
        size_ = 0;
    }
    void be(const T& only) {
        clear();
        push_back(only);
    }
    void keep_first(std::size_t most) {
        while (size_ > most) {
            pop_back();
        }
    }

    bool empty() const noexcept { return size_ == 0; }
    std::size_t size() const noexcept { return size_; }
    T* begin() noexcept { return far_.empty() ? near_.data() : far_.data(); }
    T* end() noexcept { return begin() + size_; }
    const T* begin() const noexcept { return far_.empty() ? near_.data() : far_.data(); }
    const T* end() const noexcept { return begin() + size_; }
    T& operator[](std::size_t i) noexcept { return begin()[i]; }
    const T& operator[](std::size_t i) const noexcept { return begin()[i]; }
    const T& front() const noexcept { return *begin(); }
    const T& back() const noexcept { return begin()[size_ - 1]; }

private:
    void pop_back() {
        --size_;
        if (!far_.empty()) {
            far_.pop_back();
            if (size_ == Near) {
                std::copy(far_.begin(), far_.end(), near_.begin());
                far_.clear();
            }
        }
    }

    std::array<T, Near> near_;
    std::vector<T> far_;
    std::size_t size_ = 0;
};

using Places = Few<std::size_t, 6>; // of marks

} // namespace vestari::parser
