#include "ingest/cli/access/access.hpp"

namespace vestari::cli {
namespace {

class Local final : public Access {
public:
    explicit Local(ingest::Archive archive) : archive_{std::move(archive)} {}

    std::vector<ingest::GroupEntry> groups() override { return archive_.groups(); }
    void include(const ingest::GroupEntry& group) override { archive_.include(group); }
    bool exclude(const std::string& jid) override { return archive_.exclude(jid); }

    void for_each_deal(const ingest::DealFilter& filter, const Each& each) override {
        ingest::for_each_deal(archive_, filter, each);
    }
    std::optional<ingest::StoredDeal> find_deal(ingest::DealId id) override {
        return ingest::find_deal(archive_, id);
    }
    std::vector<ingest::StoredDeal> sightings_of(ingest::DealId id) override {
        return ingest::sightings_of(archive_, id);
    }
    std::vector<ingest::RawColumn> raw_row(ingest::DealId id) override {
        return ingest::raw_row(archive_, id);
    }
    ingest::PriceHistory price_history(const ingest::PriceQuery& query) override {
        return ingest::price_history(archive_, query);
    }
    ingest::ArchiveCounts count() override { return ingest::count(archive_); }
    Result<std::size_t> export_deals(ingest::ExportFormat format, const ingest::DealFilter& filter,
                                     ingest::Sink& to) override {
        return ingest::export_deals(format, archive_, filter, to);
    }

    std::size_t delete_deals(std::span<const ingest::DealId> ids) override {
        return ingest::delete_deals(archive_, ids);
    }
    std::size_t purge() override { return ingest::purge(archive_); }

private:
    ingest::Archive archive_;
};

} // namespace

std::unique_ptr<Access> local_access(ingest::Archive archive) {
    return std::make_unique<Local>(std::move(archive));
}

} // namespace vestari::cli
