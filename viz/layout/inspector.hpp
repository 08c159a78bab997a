// Everything about the selection, in words and octets: a PDU, an inside event, a host or a mail.
//
// Made once per selection, not per frame. Octets shown are at most kOctetsMax of one frame, secrets
// masked with '*'.
#pragma once

#include <string>
#include <vector>

#include "viz/layout/cursor.hpp"
#include "viz/layout/geometry.hpp"

namespace mailscope::viz {

inline constexpr std::size_t kOctetsMax = 4096;

struct Chip {
  std::string text;
  Role role = Role::Dim;
  bool filled = false;
};

struct Field {
  std::string name, value;
  std::uint32_t begin = 0, end = 0;  // octets within the frame
};

struct Layer {
  std::string name, summary;
  Role role = Role::Faint;
  std::uint32_t begin = 0, end = 0;
  std::vector<Field> fields;
};

struct CharToken {  // "R", "sp", "CR", "LF"
  std::string text;
  bool control = false;
  std::uint32_t octet = 0;  // within the frame
};

struct StateNode {
  std::string name;
  bool current = false, passed = false;
};

struct Fact {
  std::string label, value;
  bool mono = false;
  Selection leads_to;  // a click on it selects that
  Role role = Role::Text;
};

struct Section {
  std::string title, right;
  std::vector<Fact> facts;
  std::vector<std::string> text;  // lines in the octets' type
};

struct Inspector {
  Selection selection;
  std::vector<Chip> chips;
  std::string title;
  bool title_mono = false;
  Role title_role = Role::Text;
  std::string line;                  // the whole line, where the title is only its verb or code
  std::vector<std::string> meaning;  // paragraphs
  std::string syntax;
  std::vector<Chip> references;  // RFC section, what the digits mean
  std::vector<Layer> layers;
  std::string octets;  // the frame, masked
  std::uint32_t wire_octets = 0;
  std::uint32_t hot_begin = 0, hot_end = 0;  // the PDU's own octets in it
  std::vector<CharToken> characters;
  std::string characters_note;  // "CRLF ends the line"
  std::string machine_title;
  std::vector<StateNode> machine;
  std::string next;  // "may come next: RCPT, DATA, RSET, QUIT"
  std::vector<Section> sections;
};

Inspector inspect(const TraceIndex& index, const Cursor& cursor);

}  // namespace mailscope::viz
