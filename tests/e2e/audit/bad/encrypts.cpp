// Bad on purpose: encrypts a message for somebody.
#include <signal/session_cipher.h>

extern "C" int bad_encrypts(session_cipher* cipher, ciphertext_message** out);
int bad_encrypts(session_cipher* cipher, ciphertext_message** out) {
    return session_cipher_encrypt(cipher, nullptr, 0, out);
}
