// Bad on purpose: two functions write to the socket.
#include <openssl/ssl.h>

int bad_writes(SSL* socket);
int bad_writes_too(SSL* socket);
int bad_writes(SSL* socket) { return SSL_write(socket, "one", 3); }
int bad_writes_too(SSL* socket) { return SSL_write(socket, "other", 5); }
