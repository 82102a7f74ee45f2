# Fails when the library that signs offers anything but its two functions.
#
#   cmake -DNM=nm -DLIBRARY=libvestari_signing.a -P tests/check_signing.cmake
#
# Source: bridge/signal/signing.hpp.
execute_process(COMMAND ${NM} --defined-only --extern-only --demangle ${LIBRARY} OUTPUT_VARIABLE symbols
                RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "cannot read ${LIBRARY}")
endif()
string(REGEX MATCHALL " T [^\n]+" functions "${symbols}")
list(LENGTH functions count)
if(NOT count EQUAL 2 OR NOT symbols MATCHES " T vestari::signal::sign_pre_key\\(" OR
   NOT symbols MATCHES " T vestari::signal::sign_device\\(")
  list(JOIN functions "\n" text)
  message(FATAL_ERROR "${LIBRARY} offers other functions than sign_pre_key and sign_device:\n${text}")
endif()
