// The program vestari-replay as a child: frames to its stdin, frames from its stdout, its stderr passed through.
//
// Invariants  neither side can block the other: reading and writing are polled, and what waits to be written is one
//             acknowledgement at most, beside the keys. The child is waited for, whatever happens; keys are wiped once sent.
// Threads     one owner.
// Errors      Failure when it cannot be started, breaks off, or speaks another protocol.
// Source      DESIGN 3.4, event/envelope.hpp.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "vestari/base/descriptor.hpp"
#include "vestari/event/codec.hpp"

namespace vestari::cli::replay {

std::filesystem::path program_path(); // vestari-replay, beside this program

class Child {
public:
    Child(const std::filesystem::path& program, const std::vector<std::string>& arguments);
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child(); // ends it if it still runs

    void send(event::Keys& keys);             // wiped
    void acknowledge(std::uint64_t sequence); // replaces one that still waits

    enum class Wake : std::uint8_t { frames, timeout, signal, end };
    // Waits for whatever comes first and moves bytes both ways. `signals` is a signalfd.
    Wake wait(int signals, std::optional<std::chrono::milliseconds> timeout);
    std::optional<event::Frame> next_frame(); // what has arrived; empty: wait again

    void stop();     // SIGTERM
    int exit_code(); // waits for its end; a signal gives -signal

private:
    void write_some();
    bool read_some(); // false: end of file

    pid_t pid_ = -1;
    std::optional<int> status_;
    Descriptor input_;  // the child's stdin, a socket: a closed one is an error and no signal
    Descriptor output_; // the child's stdout
    Bytes sending_;
    std::size_t sent_ = 0;
    std::optional<std::uint64_t> acknowledgement_; // goes out when `sending_` is through
    event::FrameReader reader_;
};

} // namespace vestari::cli::replay
