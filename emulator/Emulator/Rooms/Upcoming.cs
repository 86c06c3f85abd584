namespace Disa.Emulator.Rooms;

/// <summary>Something that happens by itself once the clock gets there.</summary>
/// <param name="Service">The service that does it, as its SDK names it.</param>
/// <param name="Kind">What kind of thing it is: <c>schedule</c>, <c>alarm evaluation</c>, <c>retry</c>, <c>execution</c>.</param>
/// <param name="Name">The name or ARN of what it is about.</param>
/// <param name="At">When, on the emulator's clock.</param>
public sealed record Upcoming(string Service, string Kind, string Name, DateTimeOffset At);
