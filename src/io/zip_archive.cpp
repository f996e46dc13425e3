#include "zip_archive.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace convmat::detail {
namespace {

constexpr std::string_view sound = "a sound zip archive";

// zip_error_strerror() fills a field of the error, which is why it wants one it may change.
std::string message_of(const zip_error_t* error) {
    zip_error_t copy;
    zip_error_init(&copy);
    zip_error_set(&copy, zip_error_code_zip(error), zip_error_code_system(error));
    std::string message = zip_error_strerror(&copy);
    zip_error_fini(&copy);
    return message;
}

class MemberSource final : public ByteSource {
  public:
    MemberSource(const std::string& name, zip_t* archive, zip_uint64_t index)
        : ByteSource(name),
          member_(zip_fopen_index(archive, index, 0)) {
        if (!member_) fail(message_of(zip_get_error(archive)), sound);
        zip_stat_t status;
        constexpr zip_uint64_t wanted = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
        if (zip_stat_index(archive, index, 0, &status) != 0 || (status.valid & wanted) != wanted)
            fail("a member without a size", sound);
        require_plausible(status);
        remaining_ = static_cast<Index>(status.size);
    }

    // Reads no more than the size the archive states, so that a bomb cannot go off.
    Index read(std::span<std::byte> into) override {
        std::size_t done = 0;
        while (done < into.size()) {
            const zip_int64_t got = zip_fread(member_.get(), into.data() + done, into.size() - done);
            if (got < 0) fail(message_of(zip_file_get_error(member_.get())), sound);
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        remaining_ -= std::min(static_cast<Index>(done), remaining_);
        return static_cast<Index>(done);
    }

    std::optional<Index> remaining() const override { return remaining_; }

  private:
    // Deflate packs at most 1032 bytes into one; what claims more is not what it says.
    void require_plausible(const zip_stat_t& status) const {
        if (status.comp_size < (zip_uint64_t{1} << 50) && status.size <= 1032 * status.comp_size + 64) return;
        fail(concat("a size of ", status.size, " bytes in ", status.comp_size), "no more than deflate can pack");
    }

    ZipHandle<zip_file_t> member_;
    Index remaining_ = 0;
};

} // namespace

ZipReader::ZipReader(const std::filesystem::path& path) : name_(path.string()) {
    FileSource file(path); // tells what is the matter with a file that cannot be read
    zip_error_t error;
    zip_error_init(&error);
    ZipHandle<zip_source_t> source;
    if (file.remaining()) {
        source.reset(zip_source_file_create(path.c_str(), 0, -1, &error));
    } else {
        bytes_ = read_all(file);
        source.reset(zip_source_buffer_create(bytes_.data(), bytes_.size(), 0, &error));
    }
    if (source) archive_.reset(zip_open_from_source(source.get(), ZIP_RDONLY, &error));
    const std::string message = archive_ ? "" : message_of(&error);
    zip_error_fini(&error);
    if (!archive_) fail(message, sound);
    std::ignore = source.release(); // the archive's now
}

bool ZipReader::has(const std::string& name) const {
    return zip_name_locate(archive_.get(), name.c_str(), ZIP_FL_ENC_RAW) >= 0;
}

std::unique_ptr<ByteSource> ZipReader::member(const std::string& name) const {
    zip_int64_t found = -1;
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive_.get(), 0); ++i) {
        const char* entry = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
        if (entry == nullptr || name != entry) continue;
        if (found >= 0) fail(concat("two members ", name), "one");
        found = i;
    }
    if (found < 0) fail(concat("no member ", name), "a matrix written by scipy.sparse.save_npz");
    return std::make_unique<MemberSource>(concat(name_, ": ", name), archive_.get(), static_cast<zip_uint64_t>(found));
}

ZipWriter::ZipWriter(std::string name) : name_(std::move(name)) {
    zip_error_t error;
    zip_error_init(&error);
    target_.reset(zip_source_buffer_create(nullptr, 0, 0, &error));
    if (target_) archive_.reset(zip_open_from_source(target_.get(), ZIP_TRUNCATE, &error));
    if (!archive_) fail(&error);
    zip_source_keep(target_.get()); // one for the archive, one for finish() to read from
}

void ZipWriter::fail(const zip_error_t* error) const {
    file_error(name_, message_of(error), "an archive to be written");
}

void ZipWriter::add(const char* member, std::span<const std::byte> first, std::span<const std::byte> second) {
    // libzip only reads the parts; its type says otherwise because it can also be asked to free them.
    const auto fragment = [](std::span<const std::byte> part) {
        auto* data = reinterpret_cast<zip_uint8_t*>(const_cast<std::byte*>(part.data()));
        return zip_buffer_fragment_t{data, part.size()};
    };
    const std::array fragments = {fragment(first), fragment(second)};
    zip_t* archive = archive_.get();
    const zip_uint64_t parts = second.empty() ? 1 : 2;
    ZipHandle<zip_source_t> source(
        zip_source_buffer_fragment_create(fragments.data(), parts, 0, zip_get_error(archive)));
    if (!source) fail(zip_get_error(archive));
    const zip_int64_t index = zip_file_add(archive, member, source.get(), ZIP_FL_ENC_UTF_8);
    if (index < 0) fail(zip_get_error(archive));
    std::ignore = source.release(); // the archive's now
    const auto entry = static_cast<zip_uint64_t>(index);
    constexpr zip_uint16_t first_of_1980 = (1 << 5) | 1; // as NumPy does, so that equal arrays give equal bytes
    if (zip_set_file_compression(archive, entry, ZIP_CM_DEFLATE, 1) != 0 ||
        zip_file_set_dostime(archive, entry, 0, first_of_1980, 0) != 0)
        fail(zip_get_error(archive));
}

void ZipWriter::finish(OutputFile& file) {
    if (zip_close(archive_.get()) != 0) fail(zip_get_error(archive_.get()));
    std::ignore = archive_.release();
    zip_source_t* source = target_.get();
    if (zip_source_open(source) != 0) fail(zip_source_error(source));
    std::vector<std::byte> block(std::size_t{1} << 20);
    for (;;) {
        const zip_int64_t got = zip_source_read(source, block.data(), block.size());
        if (got < 0) fail(zip_source_error(source));
        if (got == 0) break;
        file.write(std::span(block).first(static_cast<std::size_t>(got)));
    }
    zip_source_close(source);
}

} // namespace convmat::detail
