// A folder of its own for a test; it goes with the object.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace vestari::test {

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string made =
            (std::filesystem::temp_directory_path() / "vestari-test-XXXXXX").string();
        path_ = ::mkdtemp(made.data());
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }

    const std::filesystem::path& path() const noexcept { return path_; }
    std::filesystem::path write(std::string_view name, std::string_view content) const {
        std::ofstream{path_ / name, std::ios::binary} << content;
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

} // namespace vestari::test
