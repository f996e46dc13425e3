#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace convmat::test {

/// A member of an archive, and the size its directory claims for it.
struct Member {
    std::string name, bytes;
    std::uint32_t claimed = static_cast<std::uint32_t>(bytes.size());
};

inline std::string little_endian(std::uint32_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i, value /= 256) text += static_cast<char>(value % 256);
    return text;
}

inline std::uint32_t crc32(const std::string& bytes) {
    std::uint32_t crc = ~0U;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320U : 0U);
    }
    return ~crc;
}

/// A zip archive with nothing compressed, made by hand so that it can be wrong.
inline std::string stored_zip(const std::vector<Member>& members) {
    std::string archive, directory;
    for (const auto& [name, bytes, claimed] : members) {
        const std::string description = little_endian(0, 8) + little_endian(crc32(bytes), 4) +
                                        little_endian(static_cast<std::uint32_t>(bytes.size()), 4) +
                                        little_endian(claimed, 4) +
                                        little_endian(static_cast<std::uint32_t>(name.size()), 2) + little_endian(0, 2);
        const std::string offset = little_endian(static_cast<std::uint32_t>(archive.size()), 4);
        archive += "PK\3\4" + little_endian(20, 2) + description + name + bytes;
        directory +=
            "PK\1\2" + little_endian(20, 2) + little_endian(20, 2) + description + little_endian(0, 10) + offset + name;
    }
    const auto count = little_endian(static_cast<std::uint32_t>(members.size()), 2);
    return archive + directory + "PK\5\6" + little_endian(0, 4) + count + count +
           little_endian(static_cast<std::uint32_t>(directory.size()), 4) +
           little_endian(static_cast<std::uint32_t>(archive.size()), 4) + little_endian(0, 2);
}

} // namespace convmat::test
