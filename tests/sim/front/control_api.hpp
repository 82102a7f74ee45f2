// What can be ordered of a running service over HTTP: JSON in, JSON out. No socket here.
//
// Threads     one owner.
// Errors      a request that makes no sense: 400 with {"error"}; an unknown one: 404.
#pragma once

#include "tests/sim/service.hpp"

namespace vestari::sim {

struct ControlRequest {
    std::string method, target, body; // target with its query
};

struct ControlAnswer {
    unsigned status = 200;
    std::string json;
};

ControlAnswer answer(Service& service, const ControlRequest& request);

std::string control_help(); // all routes, for people

} // namespace vestari::sim
