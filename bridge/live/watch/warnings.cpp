#include "bridge/live/watch/warnings.hpp"

#include <algorithm>

namespace vestari::live {

void Warnings::raise(Warning warning) {
    if (stands(warning.code)) {
        return;
    }
    warning.since = clock_.now();
    standing_.push_back(warning);
    observer_.warning(warning);
}

void Warnings::end(std::string_view code) {
    if (std::erase_if(standing_, [code](const Warning& one) { return one.code == code; }) != 0) {
        observer_.warning_ended(code);
    }
}

void Warnings::forget_events(TimePoint before) {
    const std::vector<Warning> all = standing_;
    for (const Warning& one : all) {
        for (const Warning* event : {&warn::lost_messages, &warn::own_devices, &warn::clearing,
                                     &warn::unlink_failed, &warn::invalid_stanza}) {
            if (one.code == event->code && one.since < before) {
                end(one.code);
            }
        }
    }
}

bool Warnings::stands(std::string_view code) const noexcept {
    return std::ranges::find(standing_, code, &Warning::code) != standing_.end();
}

namespace warn {

namespace {
constexpr std::string_view nothing = "nothing: the bridge goes on by itself";
}

const Warning clock_offset{"clock_offset",
                           "this machine's clock and WhatsApp's differ",
                           "more than a minute lies between them",
                           "set this machine's clock",
                           {}};
const Warning wrong_clock{"clock",
                          "WhatsApp's certificate is not valid at this time",
                          "everything about it is right but the time",
                          "set this machine's clock",
                          {}};
const Warning handshake{"handshake",
                        "a server could not prove to be WhatsApp's",
                        "its certificate or its encryption is wrong",
                        "if it lasts, somebody may listen in: check the network",
                        {}};
const Warning network{"network",
                      "WhatsApp cannot be reached",
                      "three attempts failed in a row",
                      "check the network",
                      {}};
const Warning disk_full{"disk_full",
                        "the disk is full: nothing is acknowledged any more",
                        "received data cannot be stored",
                        "make room",
                        {}};
const Warning storage{"storage",
                      "the session database cannot be written",
                      "received data cannot be stored",
                      "check the disk",
                      {}};
const Warning spool_full{"spool_full",
                         "reading stopped: too much waits for the archive",
                         "spool.max_bytes is reached",
                         "start vestari-ingest, or see why it waits",
                         {}};
const Warning guard_mismatch{"guard_mismatch",
                             "the guard refused something before it left",
                             "a defect of this program",
                             "restart the bridge and report it",
                             {}};
const Warning poison{"poison",
                     "a stanza breaks the connection again and again",
                     "the same one came twice within ten minutes",
                     "update, then restart the bridge",
                     {}};
const Warning key_upload{"pre_key_upload",
                         "WhatsApp did not take new one-time keys",
                         "the upload was refused or not answered",
                         nothing,
                         {}};
const Warning key_mismatch{"pre_key_mismatch",
                           "WhatsApp holds other keys than this device",
                           "the digests differ",
                           "if messages cannot be read, link again",
                           {}};
const Warning clearing{"clearing",
                       "a stanza comes again although it was cleared",
                       "it came on three connections",
                       "update; then report it",
                       {}};
const Warning receipts{"receipts",
                       "acknowledgements alone do not clear messages",
                       "inactive receipts are sent from now on",
                       "set whatsapp.receipts = \"inactive\"",
                       {}};
const Warning lost_messages{"gap",
                            "a message of an included group could not be read",
                            "its sender did not send it again",
                            nothing,
                            {}};
const Warning protocol_moved{"protocol_moved",
                             "an included group uses an unknown encryption",
                             "WhatsApp's protocol moved",
                             "update",
                             {}};
const Warning not_a_member{"not_a_member",
                           "the account left an included group, or was removed",
                           "WhatsApp says so",
                           "take it off the list, or join it again",
                           {}};
const Warning own_devices{"own_devices",
                          "the account's linked devices changed",
                          "WhatsApp says so",
                          "look at the linked devices on the phone",
                          {}};
const Warning invalid_stanza{"invalid_stanza",
                             "WhatsApp calls something that was sent invalid",
                             "a shape of this program that WhatsApp does not take any more",
                             "update; then report it",
                             {}};
const Warning unlink_failed{"unlink_failed",
                            "WhatsApp did not confirm that this device is unlinked",
                            "it refused or did not answer",
                            "remove the device on the phone, under linked devices",
                            {}};

} // namespace warn

} // namespace vestari::live
