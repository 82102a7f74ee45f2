#include "bridge/outbound/words.hpp"

#include <array>
#include <cstddef>

namespace vestari::outbound {

// Not const-folded away: the audit finds it by name.
extern const char word_table[];
constexpr char word_table[] =
    "iq\nib\nack\nreceipt\nid\nto\ntype\nxmlns\nget\nset\nresult\nerror\n"
    "md\nencrypt\npassive\nw:p\nurn:xmpp:whatsapp:dirty\nw:sync:app:state\nw:g2\nw:m\n"
    "pair-device-sign\ndevice-identity\nkey-index\ncode\ntext\ninternal-error\nhmac-mismatch\n"
    "signature-mismatch\n"
    "link_code_companion_reg\njid\nstage\ncompanion_hello\ncompanion_finish\n"
    "should_show_push_notification\ntrue\nfalse\n"
    "link_code_pairing_wrapped_companion_ephemeral_pub\ncompanion_server_auth_key_pub\n"
    "companion_platform_id\ncompanion_platform_display\nlink_code_pairing_nonce\n"
    "link_code_pairing_wrapped_key_bundle\ncompanion_identity_public\nlink_code_pairing_ref\n"
    "count\nregistration\nidentity\nlist\nkey\nvalue\nskey\nsignature\ndigest\nrotate\n"
    "active\nclean\ntimestamp\naccount_sync\ngroups\ncommunities\nsyncd_app_state\n"
    "newsletter_metadata\noffline_batch\n"
    "class\nmessage\nstatus\nappdata\nnotification\ncall\nparticipant\nrecipient\n"
    "inactive\nsender\npeer_msg\nhist_sync\nretry\ncategory\npeer\nt\nv\nkeys\n"
    "sync\ncollection\nname\nversion\nreturn_snapshot\n"
    "critical_block\ncritical_unblock_low\nregular_high\nregular_low\nregular\n"
    "query\nrequest\ninteractive\nparticipating\nparticipants\ndescription\nmedia_conn\n"
    "remove-companion-device\nreason\nuser_initiated\n";

namespace {

constexpr std::size_t count = static_cast<std::size_t>(Word::user_initiated) + 1;

// Where each word starts, and where one after the last would.
constexpr std::array<std::uint16_t, count + 1> starts = [] {
    std::array<std::uint16_t, count + 1> found{};
    std::size_t word = 0;
    for (std::size_t i = 0; i + 1 < sizeof word_table; ++i) {
        if (word_table[i] == '\n') {
            found[++word] = static_cast<std::uint16_t>(i + 1); // beyond the array: does not compile
        }
    }
    return found;
}();
static_assert(starts.back() + 1 == sizeof word_table, "as many words in the table as in the enum");

constexpr std::string_view word_at(Word word) noexcept {
    const auto index = static_cast<std::size_t>(word);
    return {word_table + starts[index],
            static_cast<std::size_t>(starts[index + 1] - starts[index] - 1)};
}
static_assert(word_at(Word::pair_device_sign) == "pair-device-sign" &&
              word_at(Word::stage) == "stage" && word_at(Word::count) == "count" &&
              word_at(Word::stanza_class) == "class" && word_at(Word::sync) == "sync" &&
              word_at(Word::user_initiated) == "user_initiated");

} // namespace

std::string_view text_of(Word word) noexcept { return word_at(word); }

} // namespace vestari::outbound
