// The groups that the dealer chose: an immutable snapshot, made anew on every change and asked once per stanza.
//
// Invariants  only groups are on it.
// Threads     constant once made: share it as shared_ptr<const IncludeList>.
// Errors      RouteErrc::not_a_group for a JID that no group has.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "bridge/wire/node.hpp"
#include "vestari/base/result.hpp"

namespace vestari::route {

enum class RouteErrc { not_a_group = 1 };

inline std::string_view describe(RouteErrc error) noexcept {
    return error == RouteErrc::not_a_group ? "this is not the JID of a group"
                                           : "unknown route error";
}
inline ErrorCode make_error_code(RouteErrc e) noexcept {
    return make_code(e, category_of<RouteErrc>("route"));
}

class IncludeList {
public:
    IncludeList() = default;
    [[nodiscard]] static Result<IncludeList> of(std::span<const std::string> group_jids);

    bool contains(const wire::JidView& chat) const noexcept {
        return chat.server == server::group && chat.unknown_domain == 0 &&
               groups_.find(chat.user) != groups_.end();
    }
    bool contains(std::string_view group_jid) const noexcept;
    std::size_t size() const noexcept { return groups_.size(); }
    std::vector<std::string> groups() const; // their JIDs, sorted

    // This list and one group more, or fewer.
    [[nodiscard]] Result<IncludeList> with(std::string_view group_jid) const;
    [[nodiscard]] Result<IncludeList> without(std::string_view group_jid) const;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    // The parts before "@g.us". Only listed groups are stored, so a stranger cannot lengthen a chain.
    std::unordered_set<std::string, Hash, std::equal_to<>> groups_;
};

} // namespace vestari::route

template <> struct boost::system::is_error_code_enum<vestari::route::RouteErrc> : std::true_type {};
