// What every case of cases.txt is compiled behind.
#include <string>

#include "bridge/outbound/encode.hpp"
#include "bridge/outbound/port.hpp"
#include "bridge/outbound/words.hpp"

using namespace vestari;
using namespace vestari::outbound;
