# How every target of the project is built: one static library a folder, its sources listed.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
# Release keeps no assertions and -O2; RelWithDebInfo and Debug keep them.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

find_package(fmt REQUIRED)
find_package(tl-expected REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(Boost 1.74 REQUIRED COMPONENTS program_options)
find_package(PkgConfig REQUIRED)

add_library(mailscope_options INTERFACE)
target_include_directories(mailscope_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(mailscope_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow
  -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  $<$<BOOL:${MAILSCOPE_WERROR}>:-Werror>)
target_link_libraries(mailscope_options INTERFACE fmt::fmt tl::expected)

# What most files include is parsed once. It changes no file's needs: each includes what it uses, and
# builds without it (-DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON).
file(WRITE "${CMAKE_BINARY_DIR}/precompiled.cpp" "")
add_library(mailscope_precompiled STATIC "${CMAKE_BINARY_DIR}/precompiled.cpp")
target_link_libraries(mailscope_precompiled PUBLIC mailscope_options)
set(MAILSCOPE_PRECOMPILED <algorithm> <array> <cstdint> <deque> <functional> <map> <memory> <optional>
  <set> <span> <string> <string_view> <utility> <variant> <vector> <fmt/format.h> <tl/expected.hpp>)
target_precompile_headers(mailscope_precompiled PRIVATE ${MAILSCOPE_PRECOMPILED})

# Sources of a folder compiled together: half the work where everything is built from nothing (./mailscope,
# ./test). Who changes a file often builds without. A source that gives names of other folders to itself
# (using smtp::Verb) is SEPARATE.
set(MAILSCOPE_TOGETHER 8)
function(_mailscope_together target)
  if(MAILSCOPE_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${MAILSCOPE_TOGETHER})
    # It warns of what is local to a file when that is not the one that was named to it.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()

# mailscope_library(NAME SOURCES a.cpp ... [SEPARATE b.cpp ...] LINKS other ...): the library of the folder it is called from.
# LINKS names the project's own libraries without their prefix, or anything else CMake can link.
function(mailscope_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;SEPARATE;LINKS" ${ARGN})
  add_library(mailscope_${name} STATIC ${ARG_SOURCES} ${ARG_SEPARATE})
  set_source_files_properties(${ARG_SEPARATE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  _mailscope_together(mailscope_${name})
  target_link_libraries(mailscope_${name} PUBLIC mailscope_options)
  target_precompile_headers(mailscope_${name} REUSE_FROM mailscope_precompiled)
  _mailscope_link(mailscope_${name} PUBLIC ${ARG_LINKS})
endfunction()

function(_mailscope_link target visibility)
  foreach(link IN LISTS ARGN)
    if(link MATCHES "^[a-z0-9]+$")
      target_link_libraries(${target} ${visibility} mailscope_${link})
    else()
      target_link_libraries(${target} ${visibility} ${link})
    endif()
  endforeach()
endfunction()
