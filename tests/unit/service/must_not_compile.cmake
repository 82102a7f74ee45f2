# Compiles each snippet of must_not_compile.cpp alone: 0 must pass, each other must fail because it is not LogSafe (of GCC or of
# clang) or because the message is no literal.
set(expected_1 "LogSafe|constraint")  # a string
set(expected_2 "LogSafe|constraint")  # a string view
set(expected_3 "LogSafe|constraint")  # characters
set(expected_4 "LogSafe|constraint")  # a floating-point number: a price
set(expected_5 "LogSafe|constraint")  # a JID
set(expected_6 "constant expression|consteval|not a constant") # a message made at run time
set(expected_7 "constant expression|consteval|not a constant|no matching") # a word made at run time
set(expected_8 "LogSafe|constraint")  # one character
set(expected_9 "LogSafe|constraint")  # bytes

function(compile case result output)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C
            ${CXX} -std=c++20 -fsyntax-only -I${ROOT}/include -I${ROOT} -DVESTARI_VERSION="" -DCASE=${case}
            ${ROOT}/tests/unit/service/must_not_compile.cpp
    RESULT_VARIABLE code ERROR_VARIABLE text OUTPUT_QUIET)
  string(SUBSTRING "${text}" 0 8000 text)
  set(${result} ${code} PARENT_SCOPE)
  set(${output} "${text}" PARENT_SCOPE)
endfunction()

compile(0 code text)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "the snippet without a mistake does not compile:\n${text}")
endif()
set(wrong 0)
foreach(case RANGE 1 9)
  compile(${case} code text)
  if(code EQUAL 0)
    message(SEND_ERROR "snippet ${case} compiles and must not")
    set(wrong 1)
  elseif(NOT text MATCHES "${expected_${case}}")
    message(SEND_ERROR "snippet ${case} fails for another reason:\n${text}")
    set(wrong 1)
  endif()
endforeach()
if(NOT wrong)
  message(STATUS "9 of 9 snippets refused")
endif()
