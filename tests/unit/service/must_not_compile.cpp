// What must not reach a log: compiled one by one by must_not_compile.cmake with -DCASE=N. Case 0 compiles.
#include <string>

#include "vestari/base/bytes.hpp"
#include "vestari/base/jid.hpp"
#include "vestari/service/log.hpp"

using namespace vestari;

void snippet(service::Log& log, const std::string& text, const Jid& jid, const Bytes& bytes) {
#if CASE == 0
    log.info("{} of {} after {}: {} {}", 1, 2U, std::chrono::seconds{3},
             boost::system::error_code{}, service::Word{"plain"});
#elif CASE == 1
    log.info("{}", text);
#elif CASE == 2
    log.info("{}", std::string_view{text});
#elif CASE == 3
    log.info("{}", text.c_str());
#elif CASE == 4
    log.info("{}", 12.5);
#elif CASE == 5
    log.info("{}", jid);
#elif CASE == 6
    log.info(text);
#elif CASE == 7
    log.info("{}", service::Word{text.c_str()});
#elif CASE == 8
    log.info("{}", text[0]);
#elif CASE == 9
    log.info("{}", bytes);
#endif
    static_cast<void>(text);
    static_cast<void>(jid);
    static_cast<void>(bytes);
    static_cast<void>(log);
}
