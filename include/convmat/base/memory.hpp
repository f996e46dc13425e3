#pragma once

#include <cstddef>

#include <convmat/base/checked.hpp>
#include <convmat/base/types.hpp>

namespace convmat {

/// Bytes this process can still allocate: what the system reports as available, cut to the control group's limit.
/// The largest Index where the system does not say.
Index available_memory();

/// Throws SizeError when `bytes` exceed available_memory(); `what` names the thing that would not fit.
/// Requests under 64 MiB pass unasked.
void require_memory(Index bytes, const Quantity& what);

/// Asks for huge pages for the whole pages inside [data, data + bytes), so that the first write to a fresh array costs
/// one page fault per 2 MiB instead of 512. Does nothing below 4 MiB or where the system has no such request.
void advise_huge_pages(void* data, std::size_t bytes);

/// Has the system map the whole pages inside [data, data + bytes), which are about to be written, in one call instead
/// of one page fault each. Does nothing below 64 KiB or where the system has no such request.
void populate_pages(void* data, std::size_t bytes);

} // namespace convmat
