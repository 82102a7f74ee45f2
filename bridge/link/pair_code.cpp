#include "bridge/link/pair_code.hpp"

#include "bridge/link/code_keys.hpp"
#include "bridge/link/link_error.hpp"

namespace vestari::link {

namespace {

constexpr std::string_view element = "link_code_companion_reg";
constexpr std::string_view ref_element = "link_code_pairing_ref";
constexpr std::size_t shortest_number = 7;
constexpr std::size_t longest_number = 15; // E.164
constexpr std::size_t longest_ref = 1024;

Result<std::string> digits_of(std::string_view phone) {
    if (phone.starts_with('+')) {
        phone.remove_prefix(1);
    }
    std::string digits;
    for (const char c : phone) {
        if (c >= '0' && c <= '9') {
            digits += c;
        } else if (std::string_view{" -./()"}.find(c) == std::string_view::npos) {
            return LinkErrc::bad_phone;
        }
    }
    if (digits.size() < shortest_number || digits.size() > longest_number ||
        digits.front() == '0') {
        return LinkErrc::bad_phone;
    }
    return digits;
}

std::string_view display_of(Platform platform) noexcept {
    return platform == Platform::chrome ? "Chrome (Linux)" : "Desktop (Linux)";
}

// A child's bytes if they are exactly that many.
template <std::size_t N>
std::optional<std::array<std::byte, N>> fixed_child(const wire::Node& parent,
                                                    std::string_view tag) {
    const wire::Node* const child = parent.child(tag);
    if (child == nullptr || child->bytes().size() != N) {
        return std::nullopt;
    }
    std::array<std::byte, N> bytes;
    std::ranges::copy(child->bytes(), bytes.begin());
    return bytes;
}

BytesView ref_in(const wire::Node& stanza) noexcept {
    const wire::Node* const part = stanza.child(element);
    const wire::Node* const ref = part == nullptr ? nullptr : part->child(ref_element);
    return ref == nullptr ? BytesView{} : ref->bytes();
}

} // namespace

PairCode::PairCode(CompanionHello hello, SecretText code, CurvePair ephemeral) noexcept
    : hello_{std::move(hello)}, code_{std::move(code)}, ephemeral_{std::move(ephemeral)} {}

Result<PairCode> PairCode::begin(std::string_view phone, const DeviceSecrets& device,
                                 Platform platform) {
    Result<std::string> digits = digits_of(phone);
    if (!digits) {
        return digits.error();
    }
    std::array<std::byte, 5> random;
    crypto::fill_random_private(random);
    SecretText code{code_text(random)};
    crypto::wipe(random);
    CurvePair ephemeral = CurvePair::create();
    std::array<std::byte, 48> salt_and_iv;
    crypto::fill_random(salt_and_iv);
    return PairCode{{.phone = *std::move(digits),
                     .wrapped_ephemeral = wrap(code.expose(), salt_and_iv, ephemeral.public_key),
                     .noise_key = device.noise.public_key,
                     .platform_id = client_type(platform),
                     .platform_display = display_of(platform)},
                    std::move(code),
                    std::move(ephemeral)};
}

SecretText PairCode::shown() const {
    std::string text{code_.expose()};
    text.insert(text.size() / 2, 1, '-');
    SecretText shown{text};
    crypto::wipe(text);
    return shown;
}

Result<> PairCode::answered(const wire::Node& iq) {
    if (step_ != Step::asked) {
        return LinkErrc::code_out_of_step;
    }
    const BytesView ref = ref_in(iq);
    if (ref.empty() || ref.size() > longest_ref) {
        return LinkErrc::bad_code_answer;
    }
    ref_ = to_bytes(ref);
    step_ = Step::answered;
    return {};
}

Result<CodeFinished> PairCode::finish(const wire::Node& notification, const DeviceSecrets& device) {
    if (step_ != Step::answered) {
        return LinkErrc::code_out_of_step;
    }
    if (!std::ranges::equal(ref_in(notification), ref_)) {
        return LinkErrc::bad_code_request;
    }
    const wire::Node& part = *notification.child(element);
    const auto wrapped = fixed_child<80>(part, "link_code_pairing_wrapped_primary_ephemeral_pub");
    const auto their_identity = fixed_child<32>(part, "primary_identity_pub");
    if (!wrapped || !their_identity) {
        return LinkErrc::bad_code_request;
    }
    step_ = Step::done; // a guess at the code costs an attempt
    const Result<SharedSecrets> shared =
        agree(ephemeral_, unwrap(code_.expose(), *wrapped), device.identity, *their_identity);
    if (!shared) {
        return shared.error();
    }
    const AdvRandom random = AdvRandom::random();
    return CodeFinished{{hello_.phone,
                         seal_bundle(*shared, device.identity.public_key, *their_identity, random),
                         device.identity.public_key, ref_},
                        adv_secret(*shared, random)};
}

bool wants_passkey(const wire::Node& notification) noexcept {
    const std::string_view type = notification.text_of("type").value_or("");
    return type == "passkey_prologue_request" || type == "crsc_continuation";
}

} // namespace vestari::link
