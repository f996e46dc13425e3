#include "npy_format.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace convmat::detail {
namespace {

// What files hold and C++ has no type for.
struct Half {
    std::uint16_t bits;
};
struct Bool {
    std::uint8_t byte;
};

float widened(Half half) {
    const auto bits = std::uint32_t{half.bits};
    const std::uint32_t sign = bits >> 15 << 31;
    const std::uint32_t exponent = bits >> 10 & 31;
    const std::uint32_t mantissa = bits & 1023;
    if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000U | mantissa << 13);
    if (exponent > 0) return std::bit_cast<float>(sign | (exponent + 112) << 23 | mantissa << 13);
    const float tiny = std::ldexp(static_cast<float>(mantissa), -24);
    return sign == 0 ? tiny : -tiny;
}

template <class S, class Stored>
S converted(Stored value, const ByteSource& source) {
    if constexpr (std::is_same_v<Stored, Half>) {
        return widened(value);
    } else if constexpr (std::is_same_v<Stored, Bool>) {
        return value.byte != 0;
    } else if constexpr (std::is_same_v<Stored, std::uint64_t>) {
        if (value > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
            source.fail(concat("unsigned value ", value), "at most 2^63 - 1");
        return static_cast<S>(value);
    } else {
        return static_cast<S>(value);
    }
}

template <class Stored>
constexpr std::size_t bytes_swapped_together = sizeof(Stored);
template <class Real>
constexpr std::size_t bytes_swapped_together<std::complex<Real>> = sizeof(Real);

void swap_bytes(std::span<std::byte> bytes, std::size_t unit) {
    for (std::size_t i = 0; i < bytes.size(); i += unit) std::ranges::reverse(bytes.subspan(i, unit));
}

struct Layout {
    std::endian order;
    Index count;
};

// The memory grows with the bytes that have come, unless their number is known to be right.
template <class Stored, class S>
std::vector<S> read_values(ByteSource& source, Layout layout) {
    constexpr std::size_t most = 1 << 14;
    const auto count = static_cast<std::size_t>(layout.count);
    std::vector<S> values;
    std::vector<Stored> block(std::min(count, most));
    if (source.remaining()) make_room(values, count, "the array");
    while (values.size() < count) {
        const auto part = std::span(block).first(std::min(count - values.size(), most));
        source.read_exactly(std::as_writable_bytes(part), "values");
        if (layout.order != std::endian::native)
            swap_bytes(std::as_writable_bytes(part), bytes_swapped_together<Stored>);
        make_room(values, part.size(), "the array");
        if constexpr (std::is_same_v<Stored, S>)
            values.insert(values.end(), part.begin(), part.end());
        else
            for (const Stored value : part) values.push_back(converted<S>(value, source));
    }
    source.require_end();
    return values;
}

// The first index runs fastest in `values`, the last one in the result.
template <class S>
std::vector<S> from_fortran_order(const std::vector<S>& values, const Shape& shape) {
    std::vector<S> result;
    make_room(result, values.size(), "the array in C order");
    Shape position(shape.size(), 0), stride(shape.size(), 1);
    for (std::size_t j = 1; j < shape.size(); ++j) stride[j] = stride[j - 1] * shape[j - 1];
    Index offset = 0;
    while (result.size() < values.size()) {
        result.push_back(values[static_cast<std::size_t>(offset)]);
        for (std::size_t j = shape.size(); j-- > 0;) {
            offset += stride[j];
            if (++position[j] < shape[j]) break;
            offset -= stride[j] * shape[j];
            position[j] = 0;
        }
    }
    return result;
}

template <class Stored, ScalarType S>
AnyTensor read_tensor(ByteSource& source, const NpyHeader& header, std::endian order) {
    const Index count = checked_product(header.shape, "number of values in the header");
    const Index bytes = checked_mul(count, static_cast<Index>(sizeof(Stored)), "bytes of values in the header");
    if (const auto remaining = source.remaining(); remaining && *remaining != bytes)
        source.fail(concat(*remaining, " bytes of values"),
                    concat(bytes, " (shape ", to_string(header.shape), " of ", header.descr, ")"));
    std::vector<S> values = read_values<Stored, S>(source, {order, count});
    if (header.fortran_order && !values.empty()) values = from_fortran_order(values, header.shape);
    return Tensor<S>(header.shape, std::move(values));
}

using Reader = AnyTensor (*)(ByteSource&, const NpyHeader&, std::endian);

struct NpyType {
    std::string_view name;
    Reader read;
};

constexpr NpyType types[] = {
    {"f4", read_tensor<float, float>},
    {"f8", read_tensor<double, double>},
    {"c8", read_tensor<std::complex<float>, std::complex<float>>},
    {"c16", read_tensor<std::complex<double>, std::complex<double>>},
    {"i8", read_tensor<std::int64_t, std::int64_t>},
    {"f2", read_tensor<Half, float>},
    {"b1", read_tensor<Bool, std::int64_t>},
    {"i1", read_tensor<std::int8_t, std::int64_t>},
    {"i2", read_tensor<std::int16_t, std::int64_t>},
    {"i4", read_tensor<std::int32_t, std::int64_t>},
    {"u1", read_tensor<std::uint8_t, std::int64_t>},
    {"u2", read_tensor<std::uint16_t, std::int64_t>},
    {"u4", read_tensor<std::uint32_t, std::int64_t>},
    {"u8", read_tensor<std::uint64_t, std::int64_t>},
};

} // namespace

AnyTensor read_npy_values(ByteSource& source, const NpyHeader& header) {
    std::string_view name = header.descr;
    std::endian order = std::endian::native;
    if (name.starts_with('<')) order = std::endian::little;
    if (name.starts_with('>')) order = std::endian::big;
    if (name.find_first_of("<>=|") == 0) name.remove_prefix(1);
    const auto type = std::ranges::find(types, name, &NpyType::name);
    if (type == std::end(types))
        source.fail(concat("type ", in_quotes(header.descr)), "f2 f4 f8 c8 c16 b1, i or u of 1 2 4 8 bytes");
    return type->read(source, header, order);
}

} // namespace convmat::detail
