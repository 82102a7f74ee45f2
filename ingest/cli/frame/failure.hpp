// Why a command cannot go on: what is wrong, with which thing, and the next step. Thrown anywhere below a command, caught once
// where the program ends (application.cpp), which prints it and exits with its code.
//
// An exception and not a Result: a command has one edge, and nothing between it and the cause can do anything about it.
// Text from outside in `what` is sanitised when it is printed.
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "vestari/base/exit_code.hpp"

namespace vestari::cli {

class Failure : public std::exception {
public:
    Failure(ExitCode code, std::string problem, std::string next = {})
        : code_{code}, problem_{std::move(problem)}, next_{std::move(next)} {}

    // From a module's description "what is wrong: the next step" of the thing `about`.
    static Failure about(ExitCode code, std::string_view thing, std::string_view description) {
        const std::size_t colon = description.find(": ");
        const std::string_view next =
            colon == std::string_view::npos ? std::string_view{} : description.substr(colon + 2);
        return {code, std::string{thing}.append(": ").append(description.substr(0, colon)),
                std::string{next}};
    }

    ExitCode code() const noexcept { return code_; }
    const std::string& problem() const noexcept { return problem_; }
    const std::string& next() const noexcept { return next_; } // may be empty
    const char* what() const noexcept override { return problem_.c_str(); }

private:
    ExitCode code_;
    std::string problem_;
    std::string next_;
};

} // namespace vestari::cli
