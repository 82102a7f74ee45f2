// Master keys from files and credentials: each thing that can be wrong has its own code and words.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vestari/crypto/hash.hpp"
#include "vestari/crypto/master_key.hpp"

using namespace vestari;
using namespace vestari::crypto;
namespace fs = std::filesystem;

namespace {

// 32 bytes 00 to 1f.
constexpr std::string_view kek = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

std::string text_of(std::string_view base64, std::string_view id = "test-1") {
    return fmt::format(R"({{"v":1,"kek":"{}","id":"{}"}})", base64, id);
}

class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "vestari-key-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    fs::path write(std::string_view name, std::string_view text, mode_t mode = 0600) const {
        const fs::path path = path_ / name;
        std::ofstream{path, std::ios::binary} << text;
        REQUIRE(chmod(path.c_str(), mode) == 0);
        return path;
    }
    const fs::path& path() const { return path_; }
    std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator{path_}, fs::directory_iterator{}));
    }

private:
    fs::path path_;
};

ErrorCode error_of(const Result<MasterSecret>& result) {
    return result.has_value() ? ErrorCode{} : result.error();
}
mode_t mode_of(const fs::path& path) {
    struct stat status{};
    REQUIRE(stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

} // namespace

TEST_CASE("file provider: reads a key") {
    const Folder folder;
    const Result<MasterSecret> master = FileProvider{folder.write("key", text_of(kek))}.load();
    REQUIRE(master.has_value());
    CHECK(master->id == "test-1");
    CHECK(to_hex(master->key.expose()) ==
          "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    CHECK(FileProvider{folder.write("read-only", text_of(kek) + "\n", 0400)}.load().has_value());
}

TEST_CASE("file provider: each text that is no key is refused by its own code") {
    struct Row {
        std::string text;
        CryptoErrc error;
    };
    const std::string of_31 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==";
    const std::string of_33 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g";
    const Row rows[] = {
        {text_of(of_31), CryptoErrc::key_not_32_bytes},
        {text_of(of_33), CryptoErrc::key_not_32_bytes},
        {text_of(""), CryptoErrc::key_not_32_bytes},
        {text_of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"),
         CryptoErrc::key_file_malformed}, // no padding
        {text_of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9="),
         CryptoErrc::key_file_malformed}, // loose bits
        {text_of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= "), CryptoErrc::key_file_malformed},
        {text_of("not*base64"), CryptoErrc::key_file_malformed},
        {text_of(kek, ""), CryptoErrc::key_file_malformed},
        {text_of(kek, "two words"), CryptoErrc::key_file_malformed},
        {text_of(kek, std::string(129, 'a')), CryptoErrc::key_file_malformed},
        {"", CryptoErrc::key_file_malformed},
        {"{}", CryptoErrc::key_file_malformed},
        {"[1]", CryptoErrc::key_file_malformed},
        {"null", CryptoErrc::key_file_malformed},
        {std::string(32, '\x07'), CryptoErrc::key_file_malformed},
        {std::string{kek}, CryptoErrc::key_file_malformed},
        {text_of(kek) + "x", CryptoErrc::key_file_malformed},
        {text_of(kek).substr(0, 40), CryptoErrc::key_file_malformed},
        {fmt::format(R"({{"v":1,"kek":"{}"}})", kek), CryptoErrc::key_file_malformed},
        {fmt::format(R"({{"v":1,"kek":"{}","id":"a","more":1}})", kek),
         CryptoErrc::key_file_malformed},
        {fmt::format(R"({{"v":"1","kek":"{}","id":"a"}})", kek), CryptoErrc::key_file_malformed},
        {fmt::format(R"({{"v":0,"kek":"{}","id":"a"}})", kek), CryptoErrc::key_file_malformed},
        {fmt::format(R"({{"v":2,"kek":"{}","id":"a"}})", kek), CryptoErrc::key_file_newer},
        {R"({"v":1,"kek":17,"id":"a"})", CryptoErrc::key_file_malformed},
        {std::string(100'000, ' ') + text_of(kek), CryptoErrc::key_file_malformed},
        {std::string(4000, '['), CryptoErrc::key_file_malformed},
        {"[" + std::string(3000, '1') + "]", CryptoErrc::key_file_malformed},
    };
    const Folder folder;
    for (const Row& row : rows) {
        CAPTURE(row.text.substr(0, 80));
        CHECK(error_of(FileProvider{folder.write("key", row.text)}.load()) == row.error);
    }
}

TEST_CASE("file provider: refuses whatever group or others may touch") {
    const Folder folder;
    for (const mode_t mode :
         {0640U, 0604U, 0660U, 0606U, 0620U, 0602U, 0610U, 0601U, 0644U, 0777U, 0440U}) {
        CAPTURE(mode);
        CHECK(error_of(FileProvider{folder.write("key", text_of(kek), mode)}.load()) ==
              CryptoErrc::key_file_readable_by_others);
        REQUIRE(chmod((folder.path() / "key").c_str(), 0600) == 0);
    }
}

TEST_CASE("file provider: what is not there, not a file or not ours to read has its own code") {
    const Folder folder;
    CHECK(error_of(FileProvider{folder.path() / "absent"}.load()) == CryptoErrc::key_file_missing);
    CHECK(error_of(FileProvider{folder.path() / "absent" / "key"}.load()) ==
          CryptoErrc::key_file_missing);
    CHECK(error_of(FileProvider{folder.path()}.load()) == CryptoErrc::key_file_not_regular);
    CHECK(error_of(FileProvider{"/dev/null"}.load()) == CryptoErrc::key_file_not_regular);
    REQUIRE(mkfifo((folder.path() / "fifo").c_str(), 0600) == 0);
    CHECK(error_of(FileProvider{folder.path() / "fifo"}.load()) ==
          CryptoErrc::key_file_not_regular);
    fs::create_symlink(folder.path() / "loop", folder.path() / "loop");
    CHECK(error_of(FileProvider{folder.path() / "loop"}.load()).value() == ELOOP);
    if (geteuid() != 0) { // root reads everything
        CHECK(error_of(FileProvider{folder.write("shut", text_of(kek), 0)}.load()) ==
              CryptoErrc::key_file_unreadable);
    }
}

TEST_CASE("credential provider: reads systemd's file, and says what is missing") {
    const Folder folder;
    folder.write("master", text_of(kek), 0400);
    folder.write("by-list", text_of(kek), 0440); // an access list's mask shows as the group's bits
    folder.write("open", text_of(kek), 0444);
    CHECK(CredentialProvider{"master", folder.path()}.load().value().id == "test-1");
    CHECK(CredentialProvider{"by-list", folder.path()}.load().has_value());
    CHECK(error_of(CredentialProvider{"open", folder.path()}.load()) ==
          CryptoErrc::key_file_readable_by_others);
    CHECK(error_of(CredentialProvider{"absent", folder.path()}.load()) ==
          CryptoErrc::credential_missing);
    CHECK(error_of(CredentialProvider{"master", ""}.load()) ==
          CryptoErrc::no_credentials_directory);
    for (const char* name : {"", "..", ".", "../master", "a/b", "/etc/passwd"}) {
        CAPTURE(name);
        CHECK(error_of(CredentialProvider{name, folder.path()}.load()) == CryptoErrc::key_name_bad);
    }
    REQUIRE(setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1) == 0);
    CHECK(CredentialProvider{"master"}.load().has_value());
    REQUIRE(unsetenv("CREDENTIALS_DIRECTORY") == 0);
    CHECK(error_of(CredentialProvider{"master"}.load()) == CryptoErrc::no_credentials_directory);
}

TEST_CASE("create_master_key_file: makes a private file that loads, whatever the umask, and never "
          "the same twice") {
    const Folder folder;
    std::set<std::string> keys;
    std::set<std::string> ids;
    int number = 0;
    for (const mode_t mask : {0U, 022U, 077U, 0777U}) {
        const fs::path path = folder.path() / std::to_string(++number);
        const mode_t before = umask(mask);
        const Result<> made = create_master_key_file(path);
        umask(before);
        REQUIRE(made.has_value());
        CHECK(mode_of(path) == 0600);
        const Result<MasterSecret> master = FileProvider{path}.load();
        REQUIRE(master.has_value());
        keys.insert(to_hex(sha256(master->key.expose())));
        ids.insert(master->id);
        CHECK(master->id.starts_with("local-"));
    }
    CHECK(keys.size() == 4);
    CHECK(ids.size() == 4);
    CHECK(folder.files() == 4); // nothing unfinished is left behind
}

TEST_CASE("create_master_key_file: takes an id, and refuses a bad one") {
    const Folder folder;
    REQUIRE(create_master_key_file(folder.path() / "key", "prod-2024").has_value());
    CHECK(FileProvider{folder.path() / "key"}.load().value().id == "prod-2024");
    for (const std::string_view id : {"a b", "a\"b", "a/b", "ä"}) {
        CAPTURE(id);
        CHECK(create_master_key_file(folder.path() / "other", id).error() ==
              CryptoErrc::key_name_bad);
    }
    CHECK(folder.files() == 1);
}

TEST_CASE("create_master_key_file: never overwrites, not even a dangling link or an empty file") {
    const Folder folder;
    const fs::path key = folder.write("key", "precious");
    const fs::path empty = folder.write("empty", "");
    const fs::path dangling = folder.path() / "dangling";
    fs::create_symlink(folder.path() / "elsewhere", dangling);
    for (const fs::path& path : {key, empty, dangling}) {
        CAPTURE(path.filename());
        CHECK(create_master_key_file(path).error() == CryptoErrc::key_file_exists);
    }
    std::ifstream in{key};
    CHECK(std::string{std::istreambuf_iterator<char>{in}, {}} == "precious");
    CHECK(folder.files() == 3);
    CHECK(create_master_key_file(folder.path() / "absent" / "key").error().value() == ENOENT);
}

TEST_CASE("errors: every code has words of its own") {
    std::set<std::string_view> texts;
    for (int code = 1; code <= static_cast<int>(CryptoErrc::fips_not_active); ++code) {
        texts.insert(describe(static_cast<CryptoErrc>(code)));
    }
    CHECK(texts.size() == static_cast<std::size_t>(CryptoErrc::fips_not_active));
    CHECK(make_error_code(CryptoErrc::key_not_32_bytes).message().find("32 bytes") !=
          std::string::npos);
}
