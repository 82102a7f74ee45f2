#include "vestari/service/process/harden.hpp"

#include <algorithm>
#include <csignal>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace vestari::service {

void harden() {
    const rlimit none{0, 0};
    static_cast<void>(::setrlimit(RLIMIT_CORE, &none));
    static_cast<void>(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
    static_cast<void>(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    ::umask(0077);
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, nullptr);
    // A program started without its standard descriptors would write its logs into the first file that it opens.
    int opened = ::open("/dev/null", O_RDWR); // NOLINT: stays open on purpose below 3
    while (opened >= 0 && opened < 3) {
        opened = ::open("/dev/null", O_RDWR);
    }
    if (opened >= 3) {
        ::close(opened);
    }
}

std::uint64_t raise_descriptor_limit(std::uint64_t wanted) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 0;
    }
    const rlim_t target = std::min<rlim_t>(limit.rlim_max, wanted);
    if (limit.rlim_cur < target) {
        const rlimit raised{target, limit.rlim_max};
        if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) {
            return target;
        }
    }
    return limit.rlim_cur;
}

} // namespace vestari::service
