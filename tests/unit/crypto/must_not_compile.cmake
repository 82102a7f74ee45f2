# Compiles each snippet of must_not_compile.cpp alone: 0 must pass, each other must fail with the words given here (of GCC or
# of clang).
set(expected_1 "use of deleted function|call to (implicitly-)?deleted constructor")             # copy a key
set(expected_2 "use of deleted function|selected deleted operator")                             # assign a copy
set(expected_3 "conversion from .* requested|no viable conversion")                             # one key for another's purpose
set(expected_4 "no match for 'operator<<'|invalid operands to binary expression")               # print a key
set(expected_5 "Cannot format an argument|formatter.*deleted|use of deleted function.*formatt") # format a key
set(expected_6 "no match for 'operator=='|invalid operands to binary expression")               # compare keys in leaking time
set(expected_7 "no matching (function for call to .*Sealer|constructor for initialization)")    # seal with a key of another purpose
set(expected_8 "no matching (function for call to .*BlindIndex|constructor for initialization)|could not convert") # index likewise
set(expected_9 "too many arguments|no matching function for call to 'aead_seal'")               # bring a nonce of one's own

function(compile case result output)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C
            ${CXX} -std=c++20 -fsyntax-only -I${ROOT}/include -I${ROOT} -DVESTARI_VERSION="" -DCASE=${case}
            ${ROOT}/tests/unit/crypto/must_not_compile.cpp
    RESULT_VARIABLE code ERROR_VARIABLE text OUTPUT_QUIET)
  string(SUBSTRING "${text}" 0 4000 text)
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
