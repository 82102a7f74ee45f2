#include "vestari/service/metrics.hpp"

#include <doctest/doctest.h>

using namespace vestari::service;

TEST_CASE("metrics: families and samples in Prometheus' text form, labels escaped") {
    Metrics metrics;
    metrics.family("vestari_seen_total", Metrics::Type::counter, "Stanzas seen.");
    metrics.sample({{"account", "main"}, {"why", "a\"b\\c\nd"}}, 7);
    metrics.family("vestari_up", Metrics::Type::gauge, "1.");
    metrics.sample({}, 1);
    CHECK(metrics.text() == "# HELP vestari_seen_total Stanzas seen.\n"
                            "# TYPE vestari_seen_total counter\n"
                            "vestari_seen_total{account=\"main\",why=\"a\\\"b\\\\c\\nd\"} 7\n"
                            "# HELP vestari_up 1.\n"
                            "# TYPE vestari_up gauge\n"
                            "vestari_up 1\n");
}
