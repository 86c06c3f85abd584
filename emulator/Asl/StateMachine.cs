namespace Disa.Asl;

/// <summary>A state machine definition in the Amazon States Language, parsed and checked.</summary>
public sealed class StateMachine;
