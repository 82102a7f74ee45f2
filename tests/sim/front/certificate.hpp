// A certificate authority of one afternoon, and a server certificate by it for localhost, 127.0.0.1 and ::1.
//
// Threads     values.
// Errors      a failing OpenSSL is a defect of the test.
#pragma once

#include <string>

namespace vestari::sim {

struct Certificates {
    std::string authority; // PEM
    std::string chain;     // PEM, the server's
    std::string key;       // PEM, the server's
};

Certificates make_certificates();

} // namespace vestari::sim
