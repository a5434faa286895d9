import type { Board } from '../outage'

export type NodesBoard = Pick<Board, 'read' | 'post'>

/**
 * Where nodes tell of themselves: under a prefix that all of them have, so that those with another of their own are heard; and where a user of
 * Redis may not use it, under their own.
 */
export function createNodesBoard(common: NodesBoard, own: NodesBoard): NodesBoard {
  let board = common
  async function via<T>(act: (board: NodesBoard) => Promise<T>): Promise<T> {
    try {
      return await act(board)
    } catch (error) {
      if (board === own || !isForbidden(error)) throw error
      board = own
      return act(board)
    }
  }
  return {
    read: (topic) => via((one) => one.read(topic)),
    post: (topic, text, ms, fence) => via((one) => one.post(topic, text, ms, fence)),
  }
}

const isForbidden = (error: unknown): boolean => error instanceof Error && error.message.includes('NOPERM')
