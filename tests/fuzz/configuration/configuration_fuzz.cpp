// Property: whatever stands in the file, it is either a configuration that keeps every rule, or a problem that names a place
// inside the file, what is wrong and a next step. Reading it twice gives the same.
#include <algorithm>
#include <cstdint>

#include "vestari/base/check.hpp"
#include "vestari/config/config.hpp"
#include "vestari/config/url.hpp"

namespace {

using namespace vestari::config;

void check_rules(const Config& config) {
    const auto url = Url::parse(config.whatsapp.url);
    VESTARI_CHECK(url && url->scheme == "wss");
    const bool for_tests = !config.whatsapp.root_key.empty() || !config.whatsapp.ca_file.empty() ||
                           !config.whatsapp.media_url.empty();
    VESTARI_CHECK(!for_tests || url->is_loopback());
    VESTARI_CHECK(!config.accounts.empty());
    VESTARI_CHECK(config.data_dir.is_absolute() && config.runtime_dir.is_absolute());
    if (config.upstream) {
        const auto upstream = Url::parse(config.upstream->url);
        VESTARI_CHECK(upstream && (upstream->scheme == "https" || upstream->is_loopback()));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const Environment environment{[](const std::string& name) {
        return name == "HOME" ? std::optional<std::string>{"/home/d"} : std::nullopt;
    }};
    const auto first = parse(text, "/home/d/vestari.toml", environment);
    const auto second = parse(text, "/home/d/vestari.toml", environment);
    VESTARI_CHECK(first.has_value() == second.has_value());
    if (first) {
        VESTARI_CHECK(*first == *second);
        check_rules(*first);
        return 0;
    }
    const Problem& problem = first.error();
    const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
    VESTARI_CHECK(problem.line <= static_cast<std::uint64_t>(lines));
    VESTARI_CHECK(!problem.what.empty() && !problem.next.empty());
    VESTARI_CHECK(problem.what == second.error().what);
    return 0;
}
