#include "captures/observe/stream/listener.hpp"

#include <utility>

#include "captures/languages/languages.hpp"

namespace mailscope::observe {

using trace::Opening;

namespace {

// Of what a side said, as much as first_words_of() looks at.
constexpr std::size_t kFirstWordsOctetsMax = 512;

}  // namespace

Listener::Listener(const ReaderPlace& place, std::function<void()> swap_sides)
    : place_(place),
      swap_sides_(std::move(swap_sides)),
      undecided_(std::make_unique<Undecided>()) {}

void Listener::octets(Direction direction, std::uint64_t begin, std::string_view octets,
                      trace::Time at) {
  if (reader_) return reader_->octets(direction, begin, octets, at);
  std::string& said = undecided_->said[static_cast<int>(direction)];
  if (!undecided_->ended[static_cast<int>(direction)] && said.size() < kFirstWordsOctetsMax)
    said.append(octets.substr(0, kFirstWordsOctetsMax - said.size()));
  hold({direction, begin, std::string(octets), 0, at});
}

void Listener::gap(Direction direction, std::uint64_t begin, std::uint64_t octets, trace::Time at) {
  if (reader_) return reader_->gap(direction, begin, octets, at);
  if (!undecided_->said[static_cast<int>(direction)].empty())
    undecided_->ended[static_cast<int>(direction)] = true;
  hold({direction, begin, {}, octets, at});
}

void Listener::eof(Direction direction, trace::Time at) {
  const bool before = swapped_;
  if (undecided_) {
    undecided_->ended[static_cast<int>(direction)] = true;
    try_to_decide(false);
  }
  if (reader_) reader_->eof(swapped_ == before ? direction : other(direction), at);
}

void Listener::end(trace::Time at) {
  if (undecided_) try_to_decide(true);
  reader_->end(at);
}

void Listener::hold(Piece piece) {
  undecided_->pieces.push_back(std::move(piece));
  std::size_t octets = 0;
  for (const Piece& held : undecided_->pieces) octets += held.octets.size();
  try_to_decide(octets > kHeldOctetsMax || undecided_->pieces.size() >= kHeldPiecesMax);
}

// Without a SYN the reassembler guesses the server by its port; a mail port on one side only is
// proof enough.
bool Listener::may_swap() {
  const trace::Connection& ends = connection();
  if (!swap_sides_ || ends.opening != Opening::Midstream) return false;
  const bool server_known = languages::service_at(ends.server.port).protocol != languages::kUnknown;
  const bool client_known = languages::service_at(ends.client.port).protocol != languages::kUnknown;
  return !server_known || client_known;
}

void Listener::try_to_decide(bool final) {
  const Undecided& so_far = *undecided_;
  Evidence evidence;
  evidence.to_server = first_words_of(so_far.said[0], so_far.ended[0] || final);
  evidence.to_client = first_words_of(so_far.said[1], so_far.ended[1] || final);
  evidence.by_port = languages::service_at(connection().server.port);
  evidence.midstream = connection().opening == Opening::Midstream;
  evidence.may_swap = may_swap();
  evidence.final = final || (so_far.ended[0] && so_far.ended[1]);
  const Identity identity = identify(evidence);
  if (identity.decided) decide(identity);
}

void Listener::decide(const Identity& identity) {
  const std::unique_ptr<Undecided> before = std::move(undecided_);
  place_.context.trace.revise_connection(place_.connection);
  if (identity.swapped) {
    swapped_ = true;
    swap_sides_();
  }
  trace::Connection& ends = connection();
  ends.protocol = identity.protocol;
  // A port by itself is no sign that there was TLS where nobody spoke.
  const bool spoke = ends.octets[0] + ends.octets[1] > 0;
  if (identity.tls && spoke) ends.tls = trace::Tls::Implicit;
  place_.context.set_agents(ends);
  if (!identity.tls)
    reader_ =
        make_dialogue(place_, languages::of(ends.protocol), ends.opening != Opening::Midstream);
  if (!reader_) reader_ = make_opaque(place_, ends.tls == trace::Tls::Implicit);
  for (const Piece& piece : before->pieces) {
    const Direction direction = swapped_ ? other(piece.direction) : piece.direction;
    if (piece.missing > 0)
      reader_->gap(direction, piece.begin, piece.missing, piece.at);
    else
      reader_->octets(direction, piece.begin, piece.octets, piece.at);
  }
}

}  // namespace mailscope::observe
