# convmat_batches(<target> [ALWAYS]): where CMAKE_UNITY_BUILD is on, or ALWAYS, a room's files are compiled together,
# as many as have about CONVMAT_BATCH_BYTES bytes of source, so that no compiler process takes more than 700 MB. Names
# in unnamed namespaces are therefore told apart within a room. Files with flags of their own (the operator's kernels)
# stay alone: CMake sees to that; so does one that is named dense_*, as it takes 600 MB, and those of matrix, where
# g++ inlines less of the loops of a larger file.
set(CONVMAT_BATCH_BYTES 48000 CACHE STRING "Bytes of a room's source that are compiled as one where CMAKE_UNITY_BUILD is on")
mark_as_advanced(CONVMAT_BATCH_BYTES)

function(convmat_batches target)
  get_target_property(sources ${target} SOURCES)
  if(NOT CMAKE_UNITY_BUILD AND NOT "${ARGN}" STREQUAL "ALWAYS")
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  foreach(source IN LISTS sources)
    if(source MATCHES "/dense_[a-z]*\\.cpp$|/src/matrix/")
      continue()
    endif()
    cmake_path(ABSOLUTE_PATH source OUTPUT_VARIABLE file)
    file(SIZE ${file} bytes)
    cmake_path(GET file PARENT_PATH folder)
    string(MAKE_C_IDENTIFIER "${folder}" room)
    math(EXPR size_${room} "0${size_${room}} + ${bytes}")
    math(EXPR batch "${size_${room}} / ${CONVMAT_BATCH_BYTES}")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP "${room}_${batch}")
  endforeach()
  # Where files meet, a name may hide one of another file, and types of an unnamed namespace look included.
  target_compile_options(${target} PRIVATE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endfunction()

# convmat_cold(<target>): a release of it is compiled with -O1, in two thirds of the time of -O3, for what nobody
# waits for: descriptions, checks, pictures, the command line's own words. It must hold none of Eigen's dense
# products: a linker keeps one copy of each, maybe this one. The test house.cold_code looks. Whoever builds convmat
# inside a project keeps its flags.
function(convmat_cold target)
  if(PROJECT_IS_TOP_LEVEL AND CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release,RelWithDebInfo>:-O1>)
  endif()
  set_property(GLOBAL APPEND PROPERTY CONVMAT_COLD ${target})
endfunction()
