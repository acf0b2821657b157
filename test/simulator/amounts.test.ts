import { expect } from 'chai';
import {
  absolute,
  decimalsOf,
  floorToStep,
  isPositive,
  padded,
  truncated,
} from '#src/simulator/world/amounts.js';

describe("the simulator's amounts", () => {
  it('are padded as exchanges write them, and never lose a digit that way', () => {
    expect(padded('1.5', 8)).to.equal('1.50000000');
    expect(padded('-0.10', 1)).to.equal('-0.1');
    expect(padded('7', 0)).to.equal('7');
    expect(() => padded('0.123', 2)).to.throw('0.123 has more than 2 decimals');
  });

  it('are cut towards zero', () => {
    expect(truncated('1.999', 2)).to.equal('1.99');
    expect(truncated('-1.999', 2)).to.equal('-1.99');
    expect(truncated('-0.001', 2)).to.equal('0');
    expect(truncated('5.00', 2)).to.equal('5');
  });

  it('are floored to any step', () => {
    expect(floorToStep('1234.567', '0.5')).to.equal('1234.5');
    expect(floorToStep('1234.567', '0.01')).to.equal('1234.56');
    expect(floorToStep('0.99', '1')).to.equal('0');
    expect(floorToStep('1049.99', '50')).to.equal('1000');
  });

  it('know their sign and their decimals', () => {
    expect([isPositive('0.1'), isPositive('0'), isPositive('-1')]).to.deep.equal([true, false, false]);
    expect(absolute('-3.50')).to.equal('3.5');
    expect([decimalsOf('1'), decimalsOf('0.010')]).to.deep.equal([0, 3]);
  });
});
