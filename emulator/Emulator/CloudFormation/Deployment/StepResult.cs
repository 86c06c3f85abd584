using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>How a step ended.</summary>
/// <param name="State">What exists.</param>
/// <param name="Failure">Why it failed, or null.</param>
internal readonly record struct StepResult(ResourceState? State, string? Failure);
