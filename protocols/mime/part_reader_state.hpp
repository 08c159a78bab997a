// What a PartReader is in the middle of. Not for others: they use part_reader.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/mime/base64.hpp"
#include "protocols/mime/boundary.hpp"
#include "protocols/mime/part_reader.hpp"
#include "protocols/mime/quoted_printable.hpp"

namespace mailscope::mime {

class PartReader::Reader {
 public:
  explicit Reader(PartReaderOptions options) : options_(options) {}

  void receive(std::string_view octets);
  void receive_end();
  const PartEvent* next_event() { return taken_ == events_.size() ? nullptr : &events_[taken_++]; }

  MessageHeader header_fields;
  std::uint64_t octets_received = 0;

 private:
  enum class Mode : std::uint8_t {
    Header,         // gathering a header section
    Leaf,           // content of a leaf
    Passed,         // preamble, epilogue: nobody's content
    DelimiterLine,  // what is behind the boundary on its line
  };
  enum class Encoding : std::uint8_t { Identity, Base64, QuotedPrintable };
  struct Container {
    std::unique_ptr<Part> part;
    int children = 0;
    bool complete = true;
  };
  struct Found {
    Delimiter delimiter = Delimiter::No;
    std::size_t container = 0;  // index into containers_
    std::size_t length = 0;     // "--" and the boundary, and "--" if it closes
  };

  // part_reader.cpp: chunks, and the ends of parts
  void begin_call();
  void read(std::string_view octets, bool last);
  std::size_t consume(std::string_view data, bool last);
  std::size_t consume_delimiter_line(std::string_view data);
  void end_at(const Found& found);
  void end_leaf(bool complete);
  void end_containers(std::size_t down_to, bool complete);

  // part_reader_header.cpp: header sections
  std::size_t consume_header(std::string_view data);
  void header_line(bool last);
  void header_done();
  void note_message_fields(const std::vector<Field>& fields);
  std::unique_ptr<Part> describe(const std::vector<Field>& fields) const;
  static Encoding encoding_of(std::string_view name);
  std::string path_of(Part::Kind kind) const;
  void begin_part(std::unique_ptr<Part> part);

  // part_reader_body.cpp: bodies up to their boundaries
  std::size_t consume_body(std::string_view data, bool last);
  Found find_delimiter(std::string_view line, bool last) const;
  void take(std::string_view octets);
  void content(std::string_view octets);
  void emit_octets(std::string_view octets);
  std::string& scratch(std::size_t octets);

  PartReaderOptions options_;
  std::vector<PartEvent> events_;
  std::size_t taken_ = 0;

  std::vector<Container> containers_;
  std::size_t multiparts_ = 0;  // among them
  std::unique_ptr<Part> leaf_;
  std::vector<std::unique_ptr<Part>> ended_;  // in this call; events point to them
  Mode mode_ = Mode::Header;
  Mode after_line_ = Mode::Header;
  bool at_line_start_ = true;
  bool header_seen_ = false;  // the outermost one

  std::string header_;
  std::size_t line_at_ = 0;       // where in header_ the unfinished line begins
  std::deque<std::string> kept_;  // joined pieces and headers of this call
  std::string held_;              // octets that the next chunk decides about
  std::string again_;             // octets to be read once more, now as body

  Encoding encoding_ = Encoding::Identity;
  Base64Decoder base64_;
  QuotedPrintableDecoder quoted_printable_;
  std::uint64_t damage_before_ = 0;
  std::uint64_t encoded_octets_ = 0;
  std::uint64_t decoded_octets_ = 0;
  static constexpr std::size_t kScratchKept = 4;
  std::deque<std::string> scratch_;  // decoded octets of this call; kept from call to call
  std::size_t scratch_used_ = 0;
};

}  // namespace mailscope::mime
