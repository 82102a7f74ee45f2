// What a command may ask of an account's archive, wherever it stands open: here, under its lock, or in a running vestari-ingest.
//
// Invariants  both give the same values, so that a command prints the same bytes either way. Deals are read one by one.
// Threads     one owner.
// Errors      Failure (an answer that cannot be understood, a service that went away), StorageFailure as the archive says it.
// Source      SETTLED section 8: with ingest running, commands ask its socket.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ingest/export/export.hpp"
#include "vestari/ingest/query.hpp"

namespace vestari::cli {

class Access {
public:
    using Each = std::function<ingest::Next(const ingest::StoredDeal&)>;

    Access() = default;
    Access(const Access&) = delete;
    Access& operator=(const Access&) = delete;
    virtual ~Access() = default;

    virtual std::vector<ingest::GroupEntry> groups() = 0;
    virtual void include(const ingest::GroupEntry& group) = 0;
    virtual bool exclude(const std::string& jid) = 0; // false: it was not in the list

    virtual void for_each_deal(const ingest::DealFilter& filter, const Each& each) = 0;
    virtual std::optional<ingest::StoredDeal> find_deal(ingest::DealId id) = 0;
    virtual std::vector<ingest::StoredDeal> sightings_of(ingest::DealId id) = 0;
    virtual std::vector<ingest::RawColumn> raw_row(ingest::DealId id) = 0;
    virtual ingest::PriceHistory price_history(const ingest::PriceQuery& query) = 0;
    virtual ingest::ArchiveCounts count() = 0;
    [[nodiscard]] virtual Result<std::size_t> export_deals(ingest::ExportFormat format,
                                                           const ingest::DealFilter& filter,
                                                           ingest::Sink& to) = 0;

    virtual std::size_t delete_deals(std::span<const ingest::DealId> ids) = 0;
    virtual std::size_t purge() = 0;
};

// An archive of our own.
std::unique_ptr<Access> local_access(ingest::Archive archive);

// Carries a question to vestari-ingest; the answer's body, of 200 only. Throws Failure and StorageFailure.
struct Asked {
    enum class Verb : std::uint8_t { get, post, del } verb = Verb::get;
    std::string path; // "/v1/deals"
    std::map<std::string, std::string, std::less<>> parameters{};
    std::string body{}; // JSON
};
using Carrier = std::function<std::string(const Asked&)>;
std::unique_ptr<Access> remote_access(Carrier carrier);

} // namespace vestari::cli
