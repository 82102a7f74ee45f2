// bench_process: runs a program to its end and says how long it took and how much memory it held at most.
//
//     bench_process RESULT.json NAME PROGRAM [ARGUMENT…]      its stdout goes nowhere; its exit code is ours
//
// The resident figure is the largest of the program and of the children it waited for, as the kernel counts it.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <span>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc < 4) {
        std::fputs("usage: bench_process RESULT.json NAME PROGRAM [ARGUMENT…]\n", stderr);
        return 64;
    }
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = fork();
    if (child == 0) {
        const int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        execvp(argv[3], argv + 3);
        _exit(127);
    }
    int status = 0;
    rusage used{};
    if (child < 0 || wait4(child, &status, 0, &used) != child) {
        std::perror("bench_process");
        return 74;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    std::ofstream out{argv[1]};
    out << "{\"name\":\"" << argv[2] << "\",\"seconds\":" << took.count()
        << ",\"cpu_seconds\":" << seconds(used.ru_utime) + seconds(used.ru_stime)
        << ",\"resident_mb\":" << static_cast<double>(used.ru_maxrss) / 1024 << "}\n";
    return WIFEXITED(status) ? WEXITSTATUS(status) : 70;
}
