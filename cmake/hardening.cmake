# convmat_harden(<target>): what makes an overrun or a stray jump an abort: checked functions of text and memory,
# canaries in functions with arrays, marked targets of indirect calls, tables that are read-only once the program runs,
# addresses drawn anew by each start. Whoever builds convmat inside a project keeps its flags; who states some of these,
# or a sanitizer, keeps those.
option(CONVMAT_HARDENING "Compile and link with what hardens programs" ${PROJECT_IS_TOP_LEVEL})
include(CheckCXXCompilerFlag)
include(CheckPIESupported)

set(convmat_hardening "")
if(CONVMAT_HARDENING AND CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang" AND CMAKE_EXECUTABLE_FORMAT STREQUAL "ELF")
  string(TOUPPER "${CMAKE_BUILD_TYPE}" config)
  set(stated "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${config}}")
  if(stated MATCHES "-fsanitize=")
    set(CONVMAT_HARDENING OFF)
  else()
    if(NOT stated MATCHES "FORTIFY_SOURCE" AND NOT stated MATCHES "-O0" AND NOT config MATCHES "^(DEBUG)?$")
      list(APPEND convmat_hardening -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2) # 3 is for glibc 2.34 and gcc 12 together
    endif()
    if(NOT stated MATCHES "-fstack-protector")
      list(APPEND convmat_hardening -fstack-protector-strong)
    endif()
    check_cxx_compiler_flag(-fcf-protection convmat_has_cf_protection) # of x86
    if(convmat_has_cf_protection AND NOT stated MATCHES "-fcf-protection")
      list(APPEND convmat_hardening -fcf-protection)
    endif()
    check_pie_supported(LANGUAGES CXX)
  endif()
else()
  set(CONVMAT_HARDENING OFF)
endif()

function(convmat_harden target)
  if(NOT CONVMAT_HARDENING)
    return()
  endif()
  get_target_property(type ${target} TYPE)
  target_compile_options(${target} PRIVATE ${convmat_hardening})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  if(type MATCHES "EXECUTABLE|SHARED_LIBRARY")
    target_link_options(${target} PRIVATE LINKER:-z,relro,-z,now)
  endif()
endfunction()

# convmat_run_path(<target> <run path>): where a binary looks for libraries, in the build tree as where it is installed.
# CMake would end the first of two run paths with a colon, behind which the dynamic linker finds the current folder of
# whoever starts the program.
function(convmat_run_path target path)
  set_target_properties(${target} PROPERTIES INSTALL_RPATH "${path}" BUILD_WITH_INSTALL_RPATH ON)
endfunction()
