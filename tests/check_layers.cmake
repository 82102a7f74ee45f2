# Fails when a file includes what its layer may not see. Linking alone does not stop a header-only include.
#
#   cmake -DROOT=<checkout> -P tests/check_layers.cmake              checks the checkout, after proving itself
#   cmake -DROOT=<folder> -DONLY=1 -P tests/check_layers.cmake       checks the folder as it is, without the self-test
#
# Source: DESIGN section 2 (who may use whom), STYLE sections 1 and 14. The rules, for include/vestari/<module>/ as well as for
# the module's own folder:
#   base      nothing of ours          event, config, service, crypto, parser   base
#   bridge    base event config service crypto        ingest   the same and parser
#   <signal/…> only in bridge/signal and tests; <boost/asio.hpp> and std::regex nowhere.
cmake_minimum_required(VERSION 3.25)

set(modules base event config service crypto parser bridge ingest)
set(may_base)
set(may_event base)
set(may_config base)
set(may_service base)
set(may_crypto base)
set(may_parser base)
set(may_bridge base event config service crypto)
set(may_ingest base event config service crypto parser)

# module_of(path out): the module that a path below the checkout belongs to; empty for tests and everything else.
function(module_of path out)
  set(${out} "" PARENT_SCOPE)
  if(path MATCHES "^(include/vestari/)?(base|event|config|service|crypto|parser|bridge|ingest)/")
    set(${out} ${CMAKE_MATCH_2} PARENT_SCOPE)
  elseif(path MATCHES "^vestari/(base|event|config|service|crypto|parser|bridge|ingest)/")
    set(${out} ${CMAKE_MATCH_1} PARENT_SCOPE)
  endif()
endfunction()

# fault_of(file line out): what is wrong with one include line (or one use of std::regex); empty if nothing.
function(fault_of file line out)
  set(${out} "" PARENT_SCOPE)
  if(line MATCHES "^[ \t]*//")
    return()
  endif()
  if(line MATCHES "std::(basic_)?w?regex|<regex>")
    set(${out} "std::regex is banned" PARENT_SCOPE)
    return()
  endif()
  if(NOT line MATCHES "#[ \t]*include[ \t]*[<\"]([^>\"]+)[>\"]")
    return()
  endif()
  set(header ${CMAKE_MATCH_1})
  module_of("${file}" from)
  module_of("${header}" to)
  if(header STREQUAL "boost/asio.hpp")
    set(${out} "<boost/asio.hpp> is banned: include the part that is used" PARENT_SCOPE)
  elseif(header MATCHES "^signal/" AND NOT file MATCHES "^(bridge/signal|tests)/")
    set(${out} "libsignal-protocol-c stands behind bridge/signal alone" PARENT_SCOPE)
  elseif(from AND header MATCHES "\\.\\./")
    set(${out} "includes are written from the checkout's root" PARENT_SCOPE)
  elseif(from AND header MATCHES "^tests/")
    set(${out} "${from} may not include tests" PARENT_SCOPE)
  elseif(from AND to AND NOT from STREQUAL to AND NOT to IN_LIST may_${from})
    set(${out} "${from} may not include ${to}" PARENT_SCOPE)
  endif()
endfunction()

# check(root out): all faults below a folder, one "file: include: reason" each.
function(check root out)
  set(faults)
  set(globs)
  foreach(folder include crypto parser bridge ingest tests)
    foreach(ending hpp cpp h c cc inc)
      list(APPEND globs ${root}/${folder}/*.${ending})
    endforeach()
  endforeach()
  file(GLOB_RECURSE files RELATIVE ${root} LIST_DIRECTORIES false ${globs})
  foreach(file IN LISTS files)
    file(STRINGS ${root}/${file} lines REGEX "^[ \t]*#[ \t]*include|std::(basic_)?w?regex")
    foreach(line IN LISTS lines)
      fault_of("${file}" "${line}" fault)
      if(fault)
        string(STRIP "${line}" line)
        string(REPLACE ";" "" line "${line}") # a list separator here
        list(APPEND faults "${file}: ${line}: ${fault}")
      endif()
    endforeach()
  endforeach()
  set(${out} "${faults}" PARENT_SCOPE)
endfunction()

# The check has to fail on each of these and on none of those; otherwise its silence means nothing.
function(prove_itself)
  set(seeded
    "include/vestari/base/a.hpp|#include \"vestari/crypto/aead.hpp\""
    "include/vestari/event/a.hpp|#include \"vestari/parser/parser.hpp\""
    "include/vestari/config/a.cpp|#include \"vestari/event/envelope.hpp\""
    "include/vestari/service/a.cpp|#include \"vestari/crypto/aead.hpp\""
    "crypto/a.cpp|#include \"vestari/event/envelope.hpp\""
    "parser/a.cpp|#  include <vestari/crypto/aead.hpp>"
    "bridge/wire/a.cpp|#include \"vestari/parser/parser.hpp\""
    "bridge/wire/b.cpp|#include \"ingest/store/archive.hpp\""
    "bridge/wire/c.cpp|#include \"../../ingest/store/archive.hpp\""
    "bridge/route/a.cpp|#include <signal/signal_protocol.h>"
    "bridge/route/b.cpp|#include <boost/asio.hpp>"
    "bridge/route/c.cpp|#include \"tests/support/main.hpp\""
    "ingest/cli/a.cpp|#include \"bridge/wire/node.hpp\""
    "ingest/cli/b.hpp|#include <signal/protocol.h>"
    "parser/b.cpp|static const std::regex price{\"x\"}"
    "parser/c.cpp|#include <regex>")
  set(allowed
    "crypto/ok.cpp|#include \"vestari/base/result.hpp\""
    "bridge/signal/ok.cpp|#include <signal/signal_protocol.h>"
    "bridge/wire/ok.cpp|#include \"bridge/wire/node.hpp\""
    "bridge/content/ok.cpp|#include \"vestari/event/envelope.hpp\""
    "bridge/daemon/ok.cpp|#include \"vestari/config/config.hpp\""
    "ingest/pipeline/ok.cpp|#include \"vestari/parser/parser.hpp\""
    "ingest/pipeline/ok2.cpp|#include <boost/asio/steady_timer.hpp>"
    "parser/ok.cpp|// std::regex would be too slow here"
    "tests/unit/ok.cpp|#include <signal/signal_protocol.h>"
    "tests/unit/ok2.cpp|#include \"bridge/wire/node.hpp\"")
  if(DEFINED ENV{TMPDIR})
    set(place $ENV{TMPDIR})
  else()
    set(place /tmp)
  endif()
  string(RANDOM LENGTH 12 word)
  set(folder ${place}/vestari-layers-${word})
  foreach(row IN LISTS seeded allowed)
    string(REGEX MATCH "^([^|]+)\\|(.*)$" whole "${row}")
    file(WRITE ${folder}/${CMAKE_MATCH_1} "${CMAKE_MATCH_2}\n")
  endforeach()
  check(${folder} faults)
  file(REMOVE_RECURSE ${folder})
  list(LENGTH seeded expected)
  list(LENGTH faults found)
  foreach(row IN LISTS seeded)
    string(REGEX REPLACE "\\|.*" "" file "${row}")
    if(NOT "${faults}" MATCHES "(^|;)${file}: ")
      message(FATAL_ERROR "check_layers does not notice the seeded violation in ${file}")
    endif()
  endforeach()
  if(NOT expected EQUAL found)
    message(FATAL_ERROR "check_layers found ${found} of ${expected} seeded violations:\n${faults}")
  endif()
endfunction()

if(NOT DEFINED ROOT)
  message(FATAL_ERROR "usage: cmake -DROOT=<checkout> -P check_layers.cmake")
endif()
if(NOT ONLY)
  prove_itself()
endif()
check(${ROOT} faults)
if(faults)
  list(JOIN faults "\n" text)
  message(FATAL_ERROR "forbidden includes:\n${text}")
endif()
