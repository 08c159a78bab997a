// Helpers for the tests of the part reader: a message's events as lines of text, and its leaves.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/ascii.hpp"
#include "protocols/mime/part_reader.hpp"

namespace mailscope::mime::test {

struct Leaf {
  std::string path, type, encoding, charset, file_name, octets;
  bool in_encoded = false;
};

class Notes {
 public:
  void take(PartReader& reader) {
    while (const PartEvent* e = reader.next_event()) {
      switch (e->kind) {
        case PartEvent::Kind::Begin: {
          flush();
          std::string line = "begin " + e->part->path + " " + e->part->type;
          if (!e->part->encoding.empty()) line += " " + e->part->encoding;
          lines.push_back(line);
          if (e->part->kind == Part::Kind::Leaf)
            leaves.push_back({e->part->path,
                              e->part->type,
                              e->part->encoding,
                              e->part->charset,
                              e->part->file_name,
                              {}});
          break;
        }
        case PartEvent::Kind::Octets:
          octets_ += e->octets;
          leaves.back().octets += e->octets;
          break;
        case PartEvent::Kind::End: {
          flush();
          std::string line = "end " + e->part->path;
          if (!e->complete) line += " incomplete";
          if (e->damage != 0) line += " damage " + std::to_string(e->damage);
          lines.push_back(line);
          break;
        }
      }
    }
  }
  std::vector<std::string> lines;
  std::vector<Leaf> leaves;

 private:
  void flush() {
    if (!octets_.empty()) lines.push_back("octets " + printable(octets_));
    octets_.clear();
  }
  std::string octets_;
};

// `cuts`: ascending offsets at which the message is cut.
inline Notes read(std::string_view message, const std::vector<std::size_t>& cuts,
                  PartReaderOptions options = {}) {
  PartReader reader(options);
  Notes notes;
  std::size_t begin = 0;
  const auto piece = [&](std::size_t end) {
    const std::string copy(message.substr(begin, end - begin));  // gone after its events
    reader.receive(copy);
    notes.take(reader);
    begin = end;
  };
  for (std::size_t cut : cuts) piece(cut);
  piece(message.size());
  reader.receive_end();
  notes.take(reader);
  return notes;
}

inline std::vector<std::string> read_events(std::string_view message,
                                            const std::vector<std::size_t>& cuts,
                                            PartReaderOptions options = {}) {
  return read(message, cuts, options).lines;
}

inline std::vector<std::string> read_in_chunks(std::string_view message, std::size_t chunk,
                                               PartReaderOptions options = {}) {
  std::vector<std::size_t> cuts;
  for (std::size_t at = chunk; at < message.size(); at += chunk) cuts.push_back(at);
  return read(message, cuts, options).lines;
}

inline std::vector<Leaf> read_leaves(std::string_view message, const std::vector<std::size_t>& cuts,
                                     PartReaderOptions options = {}) {
  return read(message, cuts, options).leaves;
}

}  // namespace mailscope::mime::test
