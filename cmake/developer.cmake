# convmat_developer(<target>): the warnings that a developer build treats as errors. Does nothing for consumers.
function(convmat_developer target)
  if(CONVMAT_DEVELOPER)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
                                             -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual
                                             -Wcast-qual -Wformat=2 -Werror)
    if(NOT TARGET OpenMP::OpenMP_CXX)
      target_compile_options(${target} PRIVATE -Wno-unknown-pragmas)
    endif()
  endif()
endfunction()
