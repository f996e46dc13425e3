# convmat_batches(<target>): where CMAKE_UNITY_BUILD is on, a room's files are compiled together, so many at a time that
# no compiler process grows beyond 700 MB. Names in unnamed namespaces are therefore told apart within a room. Files with
# flags of their own (the operator's kernels) stay alone: CMake sees to that.
set(CONVMAT_BATCH 6 CACHE STRING "Files of a room that are compiled as one where CMAKE_UNITY_BUILD is on")
mark_as_advanced(CONVMAT_BATCH)

function(convmat_batches target)
  get_target_property(sources ${target} SOURCES)
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  foreach(source IN LISTS sources)
    cmake_path(GET source PARENT_PATH folder)
    string(MAKE_C_IDENTIFIER "${folder}" room)
    math(EXPR batch "0${count_${room}} / ${CONVMAT_BATCH}")
    math(EXPR count_${room} "0${count_${room}} + 1")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP "${room}_${batch}")
  endforeach()
endfunction()
