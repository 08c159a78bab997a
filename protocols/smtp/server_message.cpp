// The server's taking of messages: content behind DATA and in BDAT's chunks.

#include <algorithm>
#include <utility>

#include "protocols/smtp/server.hpp"

namespace mailscope::smtp {
namespace {

// What an over-long line, a CR or an LF by itself would be in a message that came in chunks.
ContentFaults faults_of(std::string_view content, std::size_t line_octets_max) {
  ContentFaults faults;
  std::size_t line = 0;
  while (line < content.size()) {
    const std::size_t lf = std::min(content.find('\n', line), content.size());
    const bool ends = lf > line && lf < content.size() && content[lf - 1] == '\r';
    const std::string_view text = content.substr(line, lf - line - (ends ? 1 : 0));
    if (lf < content.size() && !ends) ++faults.bare_lf;
    if (text.find('\r') != text.npos) ++faults.bare_cr;
    if (lf + 1 - line > line_octets_max) ++faults.long_lines;
    line = lf + 1;
  }
  return faults;
}

}  // namespace

// False once there is more than a message may have.
bool Server::keep(std::string_view piece) {
  if (content_too_long_) return false;
  if (content_.size() + piece.size() > options_.message_octets_max) {
    content_too_long_ = true;
    content_ = std::string();
    return false;
  }
  content_ += piece;
  return true;
}

void Server::take_content(std::string_view& input) {
  const std::size_t before = input.size();
  while (!input.empty() && !decoder_.finished()) keep(decoder_.next(input));
  lines_.skip(before - input.size());
  if (decoder_.finished()) finish_content();
}

std::optional<Reply> Server::refusal_of(const ContentFaults& faults) const {
  if (content_too_long_) return Reply(552, "Too much mail data");
  if (faults.bare()) return Reply(554, "Transaction failed: the message has a CR or LF by itself");
  if (faults.long_lines != 0) return Reply(500, "5.6.0 Line too long");
  return std::nullopt;
}

void Server::finish_content() {
  if (const std::optional<Reply> refusal = refusal_of(decoder_.faults()))
    conclude(Verb::EndOfData, *refusal);
  else
    ask_message(Verb::EndOfData);
}

void Server::ask_message(Verb by) {
  MessageReceived message;
  message.transport = {client_extended_, tls_, !user_.empty(), envelope_.options.smtputf8};
  message.eight_bit = envelope_.options.body != MailOptions::Body::SevenBit;
  message.envelope = std::exchange(envelope_, {});
  message.content = std::exchange(content_, {});
  message.by = by;
  ask(by, std::move(message));
}

void Server::take_chunk(std::string_view& input) {
  const std::string_view piece = input.substr(
      0, static_cast<std::size_t>(std::min<std::uint64_t>(chunk_->left, input.size())));
  input.remove_prefix(piece.size());
  lines_.skip(piece.size());
  chunk_->left -= piece.size();
  if (!chunk_->refusal) keep(piece);
  if (chunk_->left == 0) finish_chunk();
}

void Server::finish_chunk() {
  const Chunk chunk = *std::exchange(chunk_, std::nullopt);
  if (chunk.refusal) return say(chunk.verb, *chunk.refusal);
  const bool last = chunk.verb == Verb::BdatLast;
  // Text has to be lines here too: who passes it on may have to use DATA.
  const bool text = last && envelope_.options.body != MailOptions::Body::BinaryMime;
  const ContentFaults faults =
      text ? faults_of(content_, options_.text_line_octets_max) : ContentFaults{};
  if (const std::optional<Reply> refusal = refusal_of(faults)) {
    chunk_failed_ = true;
    conclude(chunk.verb, *refusal);
  } else if (last) {
    ask_message(Verb::BdatLast);
  } else {
    ask(Verb::Bdat, ChunkReceived{chunk.octets, content_.size()});
  }
}

}  // namespace mailscope::smtp
