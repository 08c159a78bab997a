// Writes messages and their named parts to files: DIR/0001.eml, ... and DIR/0001/NAME.
//
// A name from the network never leaves DIR: it loses its folders, control characters, leading dots
// and what is over 120 octets, and a name that is taken already gets "-2", "-3", ... before its
// extension. Files hold the octets of the message as the receiver stores it, parts decoded. Nothing
// is overwritten: make() refuses a folder that holds anything. Files are opened to append a buffer
// at a time, so any number of messages may be under way. Errors: the first one stays in error().
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "captures/observe/mail/content_sink.hpp"

namespace mailscope::observe {

// The name under which a part may be written into a folder; "" stands for none that is usable.
std::string safe_file_name(std::string_view name);

class Extractor : public ContentSink {
 public:
  // Makes the folder (its parent has to exist) or takes an empty one.
  static tl::expected<std::unique_ptr<Extractor>, std::string> make(const std::string& folder);
  // One line, empty while all went well.
  virtual const std::string& error() const = 0;
  virtual std::uint64_t files() const = 0;
};

}  // namespace mailscope::observe
