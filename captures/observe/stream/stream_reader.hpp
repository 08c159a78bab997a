// Reads both streams of a connection whose protocol is known, and writes what it finds to the
// trace.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "captures/languages/language.hpp"
#include "captures/observe/connection_findings.hpp"
#include "captures/observe/context.hpp"
#include "captures/observe/pdu_writer.hpp"
#include "captures/trace/trace.hpp"

namespace mailscope::observe {

class StreamReader {
 public:
  virtual ~StreamReader() = default;
  // The octets at `begin` of the stream; `at`: the time of their frame.
  virtual void octets(Direction direction, std::uint64_t begin, std::string_view octets,
                      trace::Time at) = 0;
  virtual void gap(Direction direction, std::uint64_t begin, std::uint64_t octets,
                   trace::Time at) = 0;
  virtual void eof(Direction direction, trace::Time at) = 0;
  // Nothing more comes, on either side.
  virtual void end(trace::Time at) = 0;
};

// What a reader writes to. All outlive it.
struct ReaderPlace {
  Context& context;
  trace::Id connection;
  PduWriter& pdus;
  ConnectionFindings& findings;
};

// dialogue.cpp; null for a language that is not read.
std::unique_ptr<StreamReader> make_dialogue(const ReaderPlace& place,
                                            const languages::Language& language,
                                            bool from_beginning);
// Protocols that are not read: a PDU each time the direction changes. TLS: one a direction.
std::unique_ptr<StreamReader> make_opaque(const ReaderPlace& place, bool tls);

}  // namespace mailscope::observe
