#include "captures/export/extract.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "protocols/base/ascii.hpp"

namespace mailscope::observe {
namespace {

namespace fs = std::filesystem;
using trace::Id;

constexpr std::size_t kNameOctetsMax = 120;
constexpr std::size_t kExtensionOctetsMax = 16;
constexpr std::size_t kBufferOctetsMax = 32 * 1024;

// The length of the well-formed UTF-8 character at the front, 0 for anything else. RFC 3629 §4.
std::size_t character_length(std::string_view text, char32_t& value) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (octet(0) < 0x80) {
    value = octet(0);
    return 1;
  }
  const std::size_t length = octet(0) >= 0xF0 ? 4 : octet(0) >= 0xE0 ? 3 : octet(0) >= 0xC0 ? 2 : 0;
  if (length == 0 || text.size() < length) return 0;
  value = octet(0) & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(i) & 0xC0) != 0x80) return 0;
    value = value << 6 | (octet(i) & 0x3F);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value < 0xE000;
  return value < kSmallest[length] || value > 0x10FFFF || surrogate ? 0 : length;
}

// Control characters, what folders and devices are named with, what turns the direction of writing
// around (a name that reads otherwise than it is).
bool is_unwanted(char32_t c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return true;
  if (c < 0x80) return std::strchr("/\\:*?\"<>|", static_cast<int>(c)) != nullptr;
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

std::string cleaned(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    char32_t value = 0;
    const std::size_t length = character_length(name, value);
    if (length == 0 || is_unwanted(value))
      out += '_';
    else
      out += name.substr(0, length);
    name.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

void cut_at_character(std::string& text, std::size_t octets_max) {
  if (text.size() <= octets_max) return;
  while (octets_max > 0 && (static_cast<unsigned char>(text[octets_max]) & 0xC0) == 0x80)
    --octets_max;
  text.resize(octets_max);
}

// Where the extension begins; the size when there is none.
std::size_t extension_at(std::string_view name) {
  const std::size_t dot = name.find_last_of('.');
  const bool usable =
      dot != std::string_view::npos && dot > 0 && name.size() - dot <= kExtensionOctetsMax;
  return usable ? dot : name.size();
}

std::string lower(std::string text) {
  for (char& c : text) c = to_lower(c);
  return text;
}

class FileExtractor : public Extractor {
 public:
  explicit FileExtractor(fs::path folder) : folder_(std::move(folder)) {}

  void begin_mail(Id mail) override {
    Open& open = open_[mail];
    open.folder = folder_ / fmt::format("{:04}", mail + 1);
    open.message.path = open.folder;
    open.message.path += ".eml";
    create(open.message);
  }
  void content(Id mail, std::string_view octets) override { append(open_[mail].message, octets); }
  void begin_part(Id mail, const trace::MailPart& part) override {
    if (part.filename.empty()) return;
    Open& open = open_[mail];
    std::error_code failure;
    fs::create_directory(open.folder, failure);
    if (failure) return fail(open.folder, failure.message());
    open.part = File{open.folder / free_name(open, part.filename), {}};
    create(open.part);
  }
  void part_content(Id mail, std::string_view octets) override {
    File& part = open_[mail].part;
    if (!part.path.empty()) append(part, octets);
  }
  void end_part(Id mail) override {
    File& part = open_[mail].part;
    if (!part.path.empty()) flush(part);
    part = {};
  }
  void end_mail(Id mail, bool) override {
    end_part(mail);
    flush(open_[mail].message);
    open_.erase(mail);
  }

  const std::string& error() const override { return error_; }
  std::uint64_t files() const override { return files_; }

 private:
  struct File {
    fs::path path;
    std::string buffer;
  };
  struct Open {
    fs::path folder;
    File message, part;
    std::set<std::string> taken;  // names in lower case: some file systems take no difference
  };

  static std::string free_name(Open& open, std::string_view wanted) {
    std::string name = safe_file_name(wanted);
    if (name.empty()) name = "unnamed";
    const std::size_t dot = extension_at(name);
    std::string candidate = name;
    for (int number = 2; !open.taken.insert(lower(candidate)).second; ++number)
      candidate = fmt::format("{}-{}{}", name.substr(0, dot), number, name.substr(dot));
    return candidate;
  }

  void create(const File& file) {
    std::FILE* handle = std::fopen(file.path.c_str(), "wbx");  // x: never over something
    if (!handle) return fail(file.path, std::strerror(errno));
    std::fclose(handle);
    ++files_;
  }
  void append(File& file, std::string_view octets) {
    file.buffer += octets;
    if (file.buffer.size() >= kBufferOctetsMax) flush(file);
  }
  void flush(File& file) {
    if (file.buffer.empty() || !error_.empty()) return file.buffer.clear();
    std::FILE* handle = std::fopen(file.path.c_str(), "ab");
    if (!handle) return fail(file.path, std::strerror(errno));
    const bool written =
        std::fwrite(file.buffer.data(), 1, file.buffer.size(), handle) == file.buffer.size();
    if (std::fclose(handle) != 0 || !written) fail(file.path, std::strerror(errno));
    file.buffer.clear();
  }
  void fail(const fs::path& path, const std::string& reason) {
    if (error_.empty()) error_ = fmt::format("{}: cannot be written: {}", path.string(), reason);
  }

  fs::path folder_;
  std::map<Id, Open> open_;
  std::string error_;
  std::uint64_t files_ = 0;
};

}  // namespace

std::string safe_file_name(std::string_view name) {
  if (const std::size_t slash = name.find_last_of("/\\"); slash != std::string_view::npos)
    name.remove_prefix(slash + 1);
  std::string safe = cleaned(name);
  const std::size_t first = safe.find_first_not_of(". ");
  if (first == std::string::npos) return {};
  safe.erase(0, first);
  const std::size_t dot = extension_at(safe);
  std::string extension = safe.substr(dot);
  safe.resize(dot);
  cut_at_character(safe, kNameOctetsMax - extension.size());
  safe += extension;
  const std::size_t last = safe.find_last_not_of(". ");
  safe.resize(last == std::string::npos ? 0 : last + 1);
  return safe;
}

tl::expected<std::unique_ptr<Extractor>, std::string> Extractor::make(const std::string& folder) {
  const auto error = [&](std::string_view what) {
    return tl::unexpected(fmt::format("{}: {}", folder, what));
  };
  std::error_code failure;
  const fs::file_status status = fs::status(folder, failure);
  if (fs::exists(status) && !fs::is_directory(status))
    return error("is not a folder; name a folder that does not exist yet");
  if (fs::exists(status) && !fs::is_empty(folder, failure))
    return error("holds files already; name a folder that is empty or does not exist yet");
  if (!fs::exists(status) && !fs::create_directory(folder, failure))
    return error("cannot be made: " + failure.message());
  if (failure) return error("cannot be read: " + failure.message());
  return std::make_unique<FileExtractor>(folder);
}

}  // namespace mailscope::observe
