// Which protocol a connection speaks and which side is the server: by its first octets, else by
// port.
//
// What a line sounds like the languages say (Language::sound_of()); here both sides' first octets
// are weighed together: "220 " is an FTP server's greeting too, and USER is an FTP command. TLS
// records are known by themselves (RFC 8446 §5.1). Pure: no memory, no error; "not yet" is an
// answer.
#pragma once

#include <cstdint>
#include <string_view>

#include "captures/languages/languages.hpp"

namespace mailscope::observe {

// What one side's first octets sound like.
struct FirstWords {
  enum class Kind : std::uint8_t {
    Silent,  // nothing, or too little to tell
    Other,   // no language's words
    Tls,     // a TLS record
    Server,  // a server's words
    Client,  // a client's
  };
  Kind kind = Kind::Silent;
  trace::Protocol sure = languages::kUnknown;  // the language, if only one talks like this
  std::uint64_t perhaps = 0;                   // else those that do, a bit each by number

  bool may_be(trace::Protocol protocol) const {
    return (perhaps >> static_cast<unsigned>(protocol) & 1) != 0;
  }
  friend bool operator==(const FirstWords&, const FirstWords&) = default;
};
// `ended`: no more octets will come, so an unfinished line is judged as it is.
FirstWords first_words_of(std::string_view first_octets, bool ended);

struct Identity {
  bool decided = false;
  trace::Protocol protocol = languages::kUnknown;
  bool tls = false;      // TLS records from the first octet on
  bool swapped = false;  // the side taken for the client is the server
};
struct Evidence {
  FirstWords to_server, to_client;  // by the orientation so far
  languages::Service by_port;       // of the side taken for the server
  bool midstream = false;           // the first octets may be from the middle of anything
  bool may_swap = false;            // nothing but a guess says who is the server
  bool final = false;               // decide now
};
Identity identify(const Evidence& evidence);

}  // namespace mailscope::observe
