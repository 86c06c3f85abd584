namespace Disa.Cli;

/// <summary>A message's state, in its colour.</summary>
internal static class States
{
    public static Styled Of(Message message) => Of(message.State);

    public static Styled Of(string state) =>
        state switch
        {
            MessageState.Sent => (Styled)$"[green]{state}[/]",
            MessageState.Failed or MessageState.Parked => (Styled)$"[red]{state}[/]",
            _ => (Styled)$"[yellow]{state}[/]",
        };

    /// <summary>A state with when it is tried next, or why there is no further attempt.</summary>
    public static Styled WithReason(Message message) =>
        message.State switch
        {
            MessageState.Failed => (Styled)$"{Of(message)}, will be tried again at {message.NextAttempt}",
            MessageState.Waiting when message.Reason == "Scheduled" => (Styled)$"{Of(message)} until {message.NextAttempt}",
            MessageState.Parked => (Styled)$"{Of(message)}: {message.Reason}",
            _ => Of(message),
        };
}
