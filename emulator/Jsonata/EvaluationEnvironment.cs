namespace Disa.Jsonata;

/// <summary>What the outside world is to an evaluation.</summary>
/// <param name="Now">What <c>$now</c> and <c>$millis</c> answer, however often they are asked.</param>
/// <param name="Random">Where <c>$random</c>, <c>$shuffle</c> and <c>$uuid</c> take chance from.</param>
public sealed record EvaluationEnvironment(DateTimeOffset Now, Random Random);
