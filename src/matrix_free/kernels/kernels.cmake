# The inner loops, one source an instruction set. What is compiled in is chosen by the target's processor, what is run
# by the machine's (instruction_set.cpp). They are always optimised: a tile that does not stay in registers is useless.
set(kernels ${CMAKE_CURRENT_LIST_DIR})
set(convmat_kernels ${kernels}/plain.cpp)
set_source_files_properties(${kernels}/plain.cpp PROPERTIES COMPILE_OPTIONS "-O3;-ffp-contract=fast")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
  foreach(level v2 v3 v4)
    list(APPEND convmat_kernels ${kernels}/x86_64_${level}.cpp)
    set_source_files_properties(${kernels}/x86_64_${level}.cpp PROPERTIES
      COMPILE_OPTIONS "-O3;-ffp-contract=fast;-march=x86-64-${level};-mprefer-vector-width=512"
      COMPILE_DEFINITIONS CONVMAT_X86_64_LEVELS)
  endforeach()
  set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/matrix_free/instruction_set.cpp PROPERTIES
    COMPILE_DEFINITIONS CONVMAT_X86_64_LEVELS)
endif()
# Precompiled headers are for one set of options; these have their own.
set_source_files_properties(${convmat_kernels} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/matrix_free/instruction_set.cpp PROPERTIES
  SKIP_PRECOMPILE_HEADERS ON)
