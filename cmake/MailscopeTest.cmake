# How the tests are built: one program a folder under tests/, each of its cases known to ctest by name.

find_package(Catch2 2 REQUIRED)
include(Catch)

add_library(mailscope_testing STATIC "${CMAKE_SOURCE_DIR}/tests/runner.cpp" "${CMAKE_SOURCE_DIR}/tests/places.cpp")
# Nothing that is tested is in it: built as fast as it can be.
target_compile_options(mailscope_testing PRIVATE -O0 -g0 -fno-sanitize=all)
target_link_libraries(mailscope_testing PUBLIC mailscope_options Catch2::Catch2)
set_source_files_properties("${CMAKE_SOURCE_DIR}/tests/places.cpp" TARGET_DIRECTORY mailscope_testing PROPERTIES
  COMPILE_DEFINITIONS "MAILSCOPE_SOURCE_DIR=\"${CMAKE_SOURCE_DIR}\";MAILSCOPE_BINARY_DIR=\"${CMAKE_BINARY_DIR}\"")

# Catch2 is parsed once for all tests.
file(WRITE "${CMAKE_BINARY_DIR}/precompiled_tests.cpp" "")
add_library(mailscope_precompiled_tests STATIC "${CMAKE_BINARY_DIR}/precompiled_tests.cpp")
target_compile_options(mailscope_precompiled_tests PRIVATE -O0)
target_link_libraries(mailscope_precompiled_tests PUBLIC mailscope_options Catch2::Catch2)
target_precompile_headers(mailscope_precompiled_tests PRIVATE <catch2/catch.hpp> ${MAILSCOPE_PRECOMPILED})

# mailscope_test(NAME SOURCES a.cpp ... LINKS smtp ...): builds test-NAME and registers its cases.
# A case that called testing::skip is counted as skipped, never as passed.
function(mailscope_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(test-${name} ${ARG_SOURCES})
  # What is tested is optimized; the tests themselves need not be, and build in half the time.
  target_compile_options(test-${name} PRIVATE -O0)
  target_precompile_headers(test-${name} REUSE_FROM mailscope_precompiled_tests)
  target_link_libraries(test-${name} PRIVATE mailscope_testing)
  _mailscope_link(test-${name} PRIVATE ${ARG_LINKS})
  catch_discover_tests(test-${name} TEST_PREFIX "${name}: "
    PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77)
endfunction()
