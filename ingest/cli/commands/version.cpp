// `vestari --version`: of the program, of what it reads and writes, and of the libraries it runs with.
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sodium/version.h>
#include <sqlite3.h>
#include <utf8proc.h>

#include "ingest/cli/commands/all.hpp"
#include "ingest/export/json_text.hpp"
#include "vestari/base/version.hpp"
#include "vestari/event/envelope.hpp"
#include "vestari/parser/parser.hpp"

namespace vestari::cli {

ExitCode print_version(Context& context) {
    const std::pair<std::string_view, std::string> libraries[] = {
        {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)},
        {"libsodium", sodium_version_string()},
        {"sqlite", sqlite3_libversion()},
        {"utf8proc", utf8proc_version()},
    };
    if (!context.json) {
        context.print(fmt::format("vestari {}\n", version));
        context.flush();
        return ExitCode::ok;
    }
    std::string json = R"({"name":"vestari","version":)";
    ingest::append_json_string(json, version);
    json += fmt::format(R"(,"parser":"{}","pipe":{},"capture":1,"libraries":{{)",
                        parser::parser_version, event::protocol_version);
    for (const auto& [name, number] : libraries) {
        json += fmt::format(R"({}"{}":)", &name == &libraries[0].first ? "" : ",", name);
        ingest::append_json_string(json, number);
    }
    context.print(json + "}}\n");
    context.flush();
    return ExitCode::ok;
}

} // namespace vestari::cli
