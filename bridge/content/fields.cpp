#include "bridge/content/fields.hpp"

#include <array>

#include "bridge/content/message.hpp"

namespace vestari::content {

namespace {

struct Row {
    std::uint8_t number;
    FieldFact fact;
};

// clang-format off
constexpr Row rows[] = {
    {1, {"conversation", FieldRole::text, 0}},
    {2, {"senderKeyDistributionMessage", FieldRole::beside}},
    {3, {"imageMessage", FieldRole::content, 2}},
    {4, {"contactMessage", FieldRole::ignored, 200}},
    {5, {"locationMessage", FieldRole::ignored, 200}},
    {6, {"extendedTextMessage", FieldRole::content, 1}},
    {7, {"documentMessage", FieldRole::content, 5}},
    {8, {"audioMessage", FieldRole::content, 6}},
    {9, {"videoMessage", FieldRole::content, 3}},
    {10, {"call", FieldRole::ignored, 200}},
    {11, {"chat", FieldRole::unknown}},
    {12, {"protocolMessage", FieldRole::content, 26}},
    {13, {"contactsArrayMessage", FieldRole::ignored, 200}},
    {14, {"highlyStructuredMessage", FieldRole::unknown}},
    {15, {"fastRatchetKeySenderKeyDistributionMessage", FieldRole::beside}},
    {16, {"sendPaymentMessage", FieldRole::ignored, 200}},
    {18, {"liveLocationMessage", FieldRole::ignored, 200}},
    {22, {"requestPaymentMessage", FieldRole::ignored, 200}},
    {23, {"declinePaymentRequestMessage", FieldRole::ignored, 200}},
    {24, {"cancelPaymentRequestMessage", FieldRole::ignored, 200}},
    {25, {"templateMessage", FieldRole::content, 8}},
    {26, {"stickerMessage", FieldRole::ignored, 200}},
    {28, {"groupInviteMessage", FieldRole::content, 18}},
    {29, {"templateButtonReplyMessage", FieldRole::content, 15}},
    {30, {"productMessage", FieldRole::content, 12}},
    {31, {"deviceSentMessage", FieldRole::device_sent}},
    {35, {"messageContextInfo", FieldRole::beside}},
    {36, {"listMessage", FieldRole::content, 10}},
    {37, {"viewOnceMessage", FieldRole::wrapper, 1}},
    {38, {"orderMessage", FieldRole::content, 13}},
    {39, {"listResponseMessage", FieldRole::content, 16}},
    {40, {"ephemeralMessage", FieldRole::wrapper, 0}},
    {41, {"invoiceMessage", FieldRole::ignored, 200}},
    {42, {"buttonsMessage", FieldRole::content, 9}},
    {43, {"buttonsResponseMessage", FieldRole::content, 14}},
    {44, {"paymentInviteMessage", FieldRole::ignored, 200}},
    {45, {"interactiveMessage", FieldRole::content, 11}},
    {46, {"reactionMessage", FieldRole::ignored, 200}},
    {47, {"stickerSyncRmrMessage", FieldRole::unknown}},
    {48, {"interactiveResponseMessage", FieldRole::content, 17}},
    {49, {"pollCreationMessage", FieldRole::content, 20}},
    {50, {"pollUpdateMessage", FieldRole::ignored, 200}},
    {51, {"keepInChatMessage", FieldRole::ignored, 200}},
    {53, {"documentWithCaptionMessage", FieldRole::wrapper, 4}},
    {54, {"requestPhoneNumberMessage", FieldRole::unknown}},
    {55, {"viewOnceMessageV2", FieldRole::wrapper, 2}},
    {56, {"encReactionMessage", FieldRole::ignored, 200}},
    {58, {"editedMessage", FieldRole::wrapper, 5}},
    {59, {"viewOnceMessageV2Extension", FieldRole::wrapper, 3}},
    {60, {"pollCreationMessageV2", FieldRole::content, 21}},
    {61, {"scheduledCallCreationMessage", FieldRole::ignored, 200}},
    {62, {"groupMentionedMessage", FieldRole::wrapper, 7}},
    {63, {"pinInChatMessage", FieldRole::ignored, 200}},
    {64, {"pollCreationMessageV3", FieldRole::content, 22}},
    {65, {"scheduledCallEditMessage", FieldRole::unknown}},
    {66, {"ptvMessage", FieldRole::content, 4}},
    {67, {"botInvokeMessage", FieldRole::wrapper, 8}},
    {69, {"callLogMesssage", FieldRole::ignored, 200}},
    {70, {"messageHistoryBundle", FieldRole::ignored, 200}},
    {71, {"encCommentMessage", FieldRole::ignored, 200}},
    {72, {"bcallMessage", FieldRole::unknown}},
    {74, {"lottieStickerMessage", FieldRole::wrapper, 21}},
    {75, {"eventMessage", FieldRole::content, 19}},
    {76, {"encEventResponseMessage", FieldRole::ignored, 200}},
    {77, {"commentMessage", FieldRole::content, 25}},
    {78, {"newsletterAdminInviteMessage", FieldRole::unknown}},
    {80, {"placeholderMessage", FieldRole::ignored, 200}},
    {82, {"secretEncryptedMessage", FieldRole::content, 27}},
    {83, {"albumMessage", FieldRole::content, 7}},
    {85, {"eventCoverImage", FieldRole::wrapper, 12}},
    {86, {"stickerPackMessage", FieldRole::ignored, 200}},
    {87, {"statusMentionMessage", FieldRole::wrapper, 15}},
    {88, {"pollResultSnapshotMessage", FieldRole::unknown}},
    {90, {"pollCreationOptionImageMessage", FieldRole::wrapper, 13}},
    {91, {"associatedChildMessage", FieldRole::wrapper, 6}},
    {92, {"groupStatusMentionMessage", FieldRole::wrapper, 11}},
    {93, {"pollCreationMessageV4", FieldRole::wrapper, 14}},
    {95, {"statusAddYours", FieldRole::wrapper, 16}},
    {96, {"groupStatusMessage", FieldRole::wrapper, 9}},
    {97, {"richResponseMessage", FieldRole::unknown}},
    {98, {"statusNotificationMessage", FieldRole::unknown}},
    {99, {"limitSharingMessage", FieldRole::wrapper, 20}},
    {100, {"botTaskMessage", FieldRole::wrapper, 23}},
    {101, {"questionMessage", FieldRole::wrapper, 17}},
    {102, {"messageHistoryNotice", FieldRole::ignored, 200}},
    {103, {"groupStatusMessageV2", FieldRole::wrapper, 10}},
    {104, {"botForwardedMessage", FieldRole::wrapper, 19}},
    {105, {"statusQuestionAnswerMessage", FieldRole::unknown}},
    {106, {"questionReplyMessage", FieldRole::wrapper, 18}},
    {107, {"questionResponseMessage", FieldRole::unknown}},
    {109, {"statusQuotedMessage", FieldRole::unknown}},
    {110, {"statusStickerInteractionMessage", FieldRole::unknown}},
    {111, {"pollCreationMessageV5", FieldRole::content, 23}},
    {113, {"newsletterFollowerInviteMessageV2", FieldRole::unknown}},
    {114, {"pollResultSnapshotMessageV3", FieldRole::unknown}},
    {115, {"pollResultSnapshotMessageV3", FieldRole::unknown}},
    {116, {"newsletterAdminProfileMessage", FieldRole::unknown}},
    {118, {"spoilerMessage", FieldRole::wrapper, 22}},
    {119, {"pollCreationMessageV6", FieldRole::content, 24}},
    {120, {"conditionalRevealMessage", FieldRole::unknown}},
    {121, {"pollAddOptionMessage", FieldRole::unknown}},
    {122, {"eventInviteMessage", FieldRole::unknown}},
    {123, {"groupRootKeyShare", FieldRole::unknown}},
    {124, {"paymentReminderMessage", FieldRole::unknown}},
    {125, {"splitPaymentMessage", FieldRole::unknown}},
    {126, {"newsletterAdminProfileStatusMessage", FieldRole::unknown}},
    {127, {"rootSecretDistributeMessage", FieldRole::unknown}},
    {128, {"splitPaymentUpdateMessage", FieldRole::unknown}},
    {129, {"musicMessage", FieldRole::unknown}},
    {130, {"statusLinkPreviewMetadata", FieldRole::unknown}},
    {131, {"botPlatformRegistrationSuccessMessage", FieldRole::unknown}},
};
// clang-format on

constexpr auto facts = [] {
    std::array<FieldFact, 256> by_number{};
    for (const Row& row : rows) {
        by_number[row.number] = row.fact;
    }
    return by_number;
}();

} // namespace

FieldFact field_fact(std::uint32_t number) noexcept {
    return number < facts.size() ? facts[number] : FieldFact{};
}

std::string_view field_name(std::uint32_t number) noexcept { return field_fact(number).name; }

} // namespace vestari::content
